// Reads the texts of standard input, which are set apart by a NUL, as Kubernetes does. Prints a line for each: its JSON, or
// a dash where it is refused.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"sigs.k8s.io/yaml"
)

func main() {
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, text := range bytes.Split(input, []byte{0}) {
		fmt.Println(read(text))
	}
}

func read(text []byte) string {
	value, err := yaml.YAMLToJSON(text)
	if err != nil {
		return "-"
	}
	return string(value)
}
