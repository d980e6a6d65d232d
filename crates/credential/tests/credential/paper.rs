//! Sheets, as they are set. Each test leaves its PDF in the target folder's `tmp`, for eyes.

use credential::paper::{Attachment, Block, Row, Said, Sheet, Words, typeset};
use credential::{Certificate, VerifyError, qr, verify};

use crate::sample::{certificate, issuer};

/// The same in English and in Hindi.
pub(crate) fn said(english: &str, hindi: &str) -> Said {
    vec![Words::new("en", english), Words::new("hi", hindi)]
}

fn plain(text: impl Into<String>) -> Said {
    vec![Words::plain(text)]
}

pub(crate) fn certificate_sheet(certificate: &Certificate, text: &str) -> Sheet {
    let mut blocks = vec![
        Block::Heading(said("Beneficiary", "लाभार्थी")),
        Block::Rows { rows: person(certificate), columns: 4 },
        Block::Heading(said("Doses given", "दी गई खुराकें")),
    ];
    blocks.extend(certificate.doses.iter().map(|dose| Block::Panel {
        heading: said(
            &format!("Dose {} of {}", dose.number, dose.total),
            &format!("खुराक {} / {}", dose.number, dose.total),
        ),
        rows: vec![
            Row::new(said("Vaccine", "टीका"), plain(&dose.vaccine)),
            Row::new(said("Date", "तारीख"), plain(dose.date.strftime("%d-%m-%Y").to_string())),
            Row::new(said("Batch number", "बैच संख्या"), plain(&dose.batch)),
            Row::new(said("Manufacturer", "निर्माता"), plain(&dose.manufacturer)),
            Row::new(
                said("Vaccinated at", "टीकाकरण केंद्र"),
                plain(format!("{}, {}, {}", dose.centre, dose.district, dose.state)),
            ),
            Row::new(said("Vaccinated by", "टीका लगाने वाले"), plain(dose.vaccinated_by.as_deref().unwrap_or("–"))),
        ],
        columns: 3,
    }));
    blocks.push(Block::Code {
        text: text.to_owned(),
        label: said("QR code with the signed certificate", "हस्ताक्षरित प्रमाणपत्र का क्यूआर कोड"),
        side_millimetres: 56,
        caption: said(
            "Anyone can check this certificate without a network: scan the code at teeka.example/verify or with the Teeka verifier.",
            "कोई भी इस प्रमाणपत्र की जाँच बिना नेटवर्क के कर सकता है: teeka.example/verify पर या टीका सत्यापक से यह कोड स्कैन करें।",
        ),
    });
    blocks.push(Block::Note(said(
        "If anything here is wrong, ask for a correction; the corrected certificate replaces this one.",
        "यदि यहाँ कुछ ग़लत है, तो सुधार का अनुरोध करें; सुधारा गया प्रमाणपत्र इसका स्थान लेगा।",
    )));
    Sheet {
        language: "en-IN".to_owned(),
        made_at: certificate.issued_at,
        masthead: said("Ministry of Health & Family Welfare", "स्वास्थ्य एवं परिवार कल्याण मंत्रालय"),
        title: said("Vaccination certificate", "टीकाकरण प्रमाणपत्र"),
        subtitle: said("Certificate 3031-3233, version 1", "प्रमाणपत्र 3031-3233, संस्करण 1"),
        blocks,
        footer: said("Issued by teeka.example on 22 Nov 2026.", "teeka.example द्वारा 22 नवंबर 2026 को जारी।"),
        attachment: Some(Attachment {
            name: "certificate.txt".to_owned(),
            mime: "text/plain".to_owned(),
            description: "The signed certificate as text".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }),
    }
}

fn person(certificate: &Certificate) -> Vec<Row> {
    vec![
        Row::prominent(said("Name", "नाम"), plain(&certificate.name)),
        Row::new(said("Year of birth", "जन्म का वर्ष"), plain(certificate.birth_year.to_string())),
        Row::new(said("Gender", "लिंग"), said("Female", "महिला")),
        Row::new(said("Reference ends in", "संदर्भ के अंतिम अंक"), plain(&certificate.reference_last4)),
        Row::new(said("Identity document", "पहचान दस्तावेज़"), plain("Voter ID …37KL")),
    ]
}

pub(crate) fn keep(name: &str, pdf: &[u8]) {
    std::fs::write(format!("{}/{name}.pdf", env!("CARGO_TARGET_TMPDIR")), pdf).unwrap();
}

#[test]
fn a_certificate_sheet_carries_its_certificate_and_is_made_alike_twice() {
    let issuer = issuer();
    let keys = [issuer.key().clone()];
    for doses in [1, 2, 6] {
        let certificate = certificate(doses);
        let text = qr::to_text(&issuer.issue(&certificate).unwrap());
        let sheet = certificate_sheet(&certificate, &text);
        let pdf = typeset(&sheet).unwrap();
        keep(&format!("certificate-{doses}"), &pdf);
        assert!(verify(&pdf, &keys).unwrap() == certificate);
        assert!(pdf == typeset(&sheet).unwrap(), "the same sheet made different bytes");
    }
}

#[test]
fn a_sheet_without_a_certificate_is_not_one() {
    let sheet = Sheet { attachment: None, ..certificate_sheet(&certificate(1), "TEEKA1:") };
    let pdf = typeset(&sheet).unwrap();
    assert_eq!(verify(&pdf, &[issuer().key().clone()]), Err(VerifyError::NotOurs));
}

#[test]
fn a_registration_card_fits_its_frame() {
    let card = Block::Card {
        heading: said("Registration card", "पंजीकरण कार्ड"),
        rows: vec![
            Row::prominent(said("Name", "नाम"), plain("द्वितीय कृष्णमूर्ति")),
            Row::new(said("Reference", "संदर्भ संख्या"), plain("4821 0937 5512 46")),
            Row::new(said("Year of birth", "जन्म का वर्ष"), plain("1958")),
        ],
        text: "48210937551246".to_owned(),
        label: said("QR code with the reference", "संदर्भ संख्या का क्यूआर कोड"),
    };
    let sheet = Sheet {
        title: said("Your registration", "आपका पंजीकरण"),
        attachment: None,
        blocks: vec![
            Block::Note(said("Cut along the line and bring the card.", "रेखा के साथ काटें और कार्ड साथ लाएँ।")),
            card,
        ],
        ..certificate_sheet(&certificate(1), "TEEKA1:")
    };
    keep("card", &typeset(&sheet).unwrap());
}

#[test]
fn every_script_of_india_is_set() {
    let names = [
        ("hi", "क्षत्रिय श्रीमती प्रमाणपत्र टीकाकरण स्त्री द्वितीय हिन्दी वर्ष कार्ड ज्ञान विद्यार्थी दृष्टि ड़ ढ़ ऑक्सीजन र्‍य"),
        ("mr", "महाराष्ट्र ज्ञानेश्वर कोऱ्हाळे"),
        ("bn", "শ্রীমতী ক্ষমা চৌধুরী কৃষ্ণেন্দু"),
        ("as", "ৰুক্মিণী শইকীয়া"),
        ("ta", "ஸ்ரீமதி கௌசல்யா கிருஷ்ணமூர்த்தி"),
        ("te", "శ్రీమతి కృష్ణవేణి స్త్రీ"),
        ("gu", "શ્રીમતી ક્ષમા કૃષ્ણકાંત"),
        ("pa", "ਸ੍ਰੀਮਤੀ ਹਰਪ੍ਰੀਤ ਕੌਰ ਸਿੰਘ"),
        ("kn", "ಶ್ರೀಮತಿ ಕೃಷ್ಣವೇಣಿ ಸ್ತ್ರೀ"),
        ("ml", "ശ്രീമതി കൃഷ്ണവേണി സ്ത്രീ ൻ ർ ൽ"),
        ("or", "ଶ୍ରୀମତୀ କ୍ଷମା କୃଷ୍ଣ"),
        ("ur", "محترمہ خدیجہ بیگم قریشی"),
        ("mni", "ꯃꯅꯤꯄꯨꯔ ꯂꯩꯃ"),
        ("sat", "ᱥᱟᱱᱛᱟᱲᱤ ᱢᱩᱨᱢᱩ"),
        ("en", "Śrīmatī Kṛṣṇā O’Brien ₹ 1,234"),
    ];
    let row = |(language, name)| Row::prominent(plain(language), vec![Words::new(language, name)]);
    let blocks = names.map(|name| Block::Rows { rows: vec![row(name)], columns: 1 });
    let sheet = Sheet { blocks: blocks.into(), attachment: None, ..certificate_sheet(&certificate(1), "TEEKA1:") };
    keep("scripts", &typeset(&sheet).unwrap());
}

#[test]
fn a_strange_name_costs_nobody_a_sheet() {
    for name in [
        "Asha 💉 Verma",
        "\u{feff}A\u{0}B\nC\u{e000}",
        "漢字",
        "\u{202e}अ\u{200d}\u{200c}",
        "्ािी",
        "",
        "क\u{94d}",
        &"श्री".repeat(400),
    ] {
        let mut certificate = certificate(1);
        certificate.name = name.to_owned();
        let pdf = typeset(&certificate_sheet(&certificate, "TEEKA1:")).unwrap();
        assert!(pdf.starts_with(b"%PDF-1.7"), "{name:?}");
        keep("strange", &pdf);
    }
}
