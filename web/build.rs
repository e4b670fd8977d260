//! Has the linker write down every place that holds an address, by which the page's build knows what data a program needs.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo:rustc-link-arg-bin=app=--emit-relocs");
    }
    println!("cargo:rerun-if-changed=build.rs");
}
