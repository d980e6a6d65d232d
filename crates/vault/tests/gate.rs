//! Every way around the gate that a pen could slip into does not compile; and what does compile prints nothing.

#[test]
fn no_way_around_the_gate_compiles() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

#[test]
fn what_a_person_tells_us_does_not_print_itself() {
    let name: registry::Name = "Asha Devi".parse().unwrap();
    let phone: registry::Phone = "9876543210".parse().unwrap();
    let born = registry::BirthYear::new(1983).unwrap();
    assert_eq!(format!("{name:?} {phone:?} {born:?}"), "Name(..) Phone(..) BirthYear(..)");
    // Neither does what was wrong with it.
    for malformed in
        ["Asha\u{202e}Devi9".parse::<registry::Name>().map(|_| ()), "98765".parse::<registry::Phone>().map(|_| ())]
    {
        let told = format!("{0} {0:?}", malformed.unwrap_err());
        assert!(!told.contains("Asha") && !told.contains("98765"), "{told}");
    }
}
