// Reads the texts of standard input, which are set apart by a NUL, as Kubernetes does. Prints a line for each: its JSON, or
// a dash where it is refused, by the reader or by kubectl, which looks for lines that divide it first.
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
	for _, line := range bytes.Split(text, []byte{'\n'}) {
		// Source: pkg/util/yaml/decoder.go of apimachinery.
		rest, divides := bytes.CutPrefix(line, []byte("---"))
		if rest = bytes.TrimSpace(rest); divides && len(rest) > 0 && rest[0] != '#' {
			return "-"
		}
	}
	value, err := yaml.YAMLToJSON(text)
	if err != nil {
		return "-"
	}
	return string(value)
}
