//! A log that others wrote: the test data of Tessera, by its authors under Apache-2.0
//! (github.com/transparency-dev/tessera, `testdata/log`): fifteen entries that are no leaves of ours.

use crate::check;
use crate::log::{NOW_S, Place, Seen, write_tree};
use data_encoding::BASE64;
use watch::audit::{Terms, audit, saved_checkpoint};

const KEY: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

const CHECKPOINT: &str = "example.com/log/testdata\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n\
    — example.com/log/testdata M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=\n";

const SEVENTH: &str = "example.com/log/testdata\n7\nIrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=\n\n\
    — example.com/log/testdata M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=\n";

/// The file `tile/0/000.p/15`.
const TILE: &str = "0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+emrGrfwfHyP4O/0um+qU8fkQS6RpZkVPoqk4Bvuzlt4JWcfFGxeRx6KGoOjwhTOS6kHuPOliI0UzIzTznW7Eu+U9xWrP6pdBx5uKsS7mU1b9zWUPcw3mdoNCF55gM+5M2rMwprg4Cp3sPRXjBrBdJPXnPQmIQSSmsgE+R/E56xa8MojPnomuMNcLJP1JMe5BeeiEFZA1tzFlGlM/1bSbvsl2Q0P5jSR+TdkwdXWyx+GbBWX0KZbNZkWzCjyTPSozsxOFyChXYNhwr5ULEFQNYCU3GYvLavt2rt0rv46WBApa/dR0Kmj81pWwbFA5Nyb0qTkyuwXOIn2RsV2c3wATprlHTl9PRkCsBHBJiDsgnbxPM+BP5oV3HsHfbLi8MoJB327LYxG7faX1XMxheaUtO4sHQS4QiLJ/LTYpdCi/s/tMzutXBwOswN8pyYez83RD63wfGhNWAVggZyXDSKXlHj7pfT+zJ9jw2H+Ob1WS8hhN7wjY353GU1mgmgMhKfrmtW2yU5hvbMX4JLy9NRJSuDqSQad7zSGTjnlyM9ld5pJXzeG3BjnX0UNSZ8RnB6u4g3YKT8h/J0IcUoY1ysc1g61";

const ENTRIES: &str = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten";

#[test]
fn a_log_that_others_wrote_is_read() {
    let place = Place::new();
    let entries: Vec<&str> = ENTRIES.split(' ').collect();
    write_tree(place.path(), &entries);
    std::fs::write(place.path().join("checkpoint"), CHECKPOINT).unwrap();
    place.bend("tile/0/000.p/15", |bytes| {
        let theirs = BASE64.decode(TILE.as_bytes()).unwrap();
        assert_eq!(*bytes, theirs, "we write the same tile");
        *bytes = theirs;
    });
    let policy = format!("log {KEY}\nquorum none\n").parse().unwrap();
    let since = saved_checkpoint(SEVENTH).unwrap();
    let terms =
        Terms { policy: &policy, since: Some(&since), has_credential: true, open: 0, nonce: [0; 32], now_s: NOW_S };
    let seen = Seen { folder: place.path(), log: None, bend: &|_| () };
    let report = audit(&seen, &terms, &mut |_, _| ()).unwrap();
    for name in ["checkpoint", "append-only", "tree", "entries"] {
        assert_eq!(check(&report, name).0, Some(true), "{}", report.table());
    }
    assert_eq!(check(&report, "leaves").0, Some(false), "they are no leaves of ours");
}
