fn main() -> Result<(), Box<dyn std::error::Error>> {
    let proto = std::env::var("PROTO")?;
    let files: Vec<String> = std::env::var("PROTO_FILES")?.split(' ').map(str::to_owned).collect();
    tonic_prost_build::configure().build_transport(false).compile_protos(&files, &[proto])?;
    Ok(())
}
