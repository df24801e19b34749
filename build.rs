//! Puts version strings and the manifest into the Windows program. Elsewhere
//! there is nothing to do.

fn main() {
    println!("cargo::rerun-if-changed=assets/windows.manifest");
    if std::env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return;
    }
    let mut resource = winresource::WindowsResource::new();
    resource
        .set("ProductName", "Record Access Review")
        .set("FileDescription", "Record Access Review")
        .set("LegalCopyright", "MIT OR Apache-2.0")
        .set_manifest_file("assets/windows.manifest");
    // Without a resource compiler the program still works; help desks then see no
    // version, and that must not stop a build.
    if let Err(error) = resource.compile() {
        println!("cargo::warning=no version strings in the program: {error}");
    }
}
