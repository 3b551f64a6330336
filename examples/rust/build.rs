use std::{error::Error, ffi::OsStr, fs::read_dir, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let proto = PathBuf::from("../../proto");
    let entries = read_dir(proto.join("symbolon/v1"))?.collect::<Result<Vec<_>, _>>()?;
    let files: Vec<PathBuf> = entries.iter().map(|entry| entry.path()).collect();
    let contract = files
        .iter()
        .filter(|path| path.extension() == Some(OsStr::new("proto")));
    tonic_prost_build::configure()
        .build_server(false)
        .compile_protos(&contract.collect::<Vec<_>>(), &[&proto])?;
    Ok(())
}
