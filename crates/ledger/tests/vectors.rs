//! The proof cases of transparency-dev/merkle, accepted and refused as they say. They lie beside the project; without them
//! there is nothing to run, and this says so.

#![allow(clippy::unwrap_used)]

use data_encoding::BASE64;
use ledger::tree::{Hash, check_consistency, check_inclusion};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The cases below a folder, with their paths.
fn cases(of: &str) -> Option<Vec<(PathBuf, Value)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/merkle/testdata").join(of);
    if !folder.is_dir() {
        println!("the folder of public vectors is not there: nothing to run");
        return None;
    }
    let (mut folders, mut cases) = (vec![folder], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let case = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                cases.push((path, case));
            }
        }
    }
    Some(cases)
}

/// Bytes as they stand there. Some cases use words in place of a root: they are filled up, and stay different.
fn hash(value: &Value) -> Hash {
    let mut bytes = BASE64.decode(value.as_str().unwrap_or_default().as_bytes()).unwrap();
    bytes.resize(32, 0);
    bytes.try_into().unwrap()
}

fn proof(case: &Value) -> Vec<Hash> {
    case["proof"].as_array().into_iter().flatten().map(hash).collect()
}

/// Whether every hash of the proof has its length and nothing is empty: others cannot even be written with our types.
fn is_whole(case: &Value) -> bool {
    let length = |value: &Value| BASE64.decode(value.as_str().unwrap_or_default().as_bytes()).unwrap().len();
    let said = ["leafHash", "root", "root1", "root2"].iter().filter_map(|name| case.get(*name));
    let proof = case["proof"].as_array().into_iter().flatten();
    proof.into_iter().all(|hash| length(hash) == 32) && said.into_iter().all(|hash| length(hash) > 0)
}

#[test]
fn inclusion() {
    let Some(cases) = cases("inclusion") else { return };
    assert_eq!(cases.len(), 98);
    for (path, case) in cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let (index, size, leaf, root) = (number("leafIdx"), number("treeSize"), &case["leafHash"], &case["root"]);
        let holds = is_whole(&case) && check_inclusion(index, size, &hash(leaf), &proof(&case), &hash(root)).is_ok();
        assert_eq!(holds, !case["wantErr"].as_bool().unwrap(), "{}", path.display());
    }
}

#[test]
fn consistency() {
    let Some(cases) = cases("consistency") else { return };
    assert_eq!(cases.len(), 98);
    for (path, case) in cases {
        let number = |name: &str| case[name].as_u64().unwrap();
        let (old, new, before, after) = (number("size1"), number("size2"), &case["root1"], &case["root2"]);
        let holds = is_whole(&case) && check_consistency(old, new, &hash(before), &hash(after), &proof(&case)).is_ok();
        assert_eq!(holds, !case["wantErr"].as_bool().unwrap(), "{}", path.display());
    }
}
