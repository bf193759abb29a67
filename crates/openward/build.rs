//! Tells cargo to build again when the statute book changes: the packs are compiled in, and new files would go unseen.

fn main() {
    println!("cargo::rerun-if-changed=../../law");
    println!("cargo::rerun-if-changed=demo");
}
