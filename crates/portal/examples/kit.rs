//! Draws every component of the page kit into a folder, to be looked at and tested in a browser:
//! `cargo run -p portal --example kit -- FOLDER`. The words on it are a drawing's, not the product's.

use std::path::Path;
use std::{fs, io};

use jiff::civil::{date, time};
use maud::{Markup, html};
use portal::page::{
    Form, Shell, Tone, Who, banner, button, buttons, card, checkboxes, confirmation, date_field, details, empty_state,
    field, get_form, inset, link_button, masked, near_me, pagination, post_form, progress, quiet_link_button, radios,
    select, shown, summary_list, table, tag, task_list, timer, upload_form,
};
use portal::words::{Language, Words, phone, rupees};

/// Picks the text of this drawing in the language of the words.
type Say = fn(&'static str, &'static str) -> &'static str;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "kit".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for name in ["teeka.css", "mark.svg", "scan.js", "near.js", "timer.js", "timeout.js"] {
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name), folder.join("assets").join(name))?;
    }
    for language in Language::ALL {
        let w = Words::new(language);
        let say: Say = if language == Language::Hindi { |_, hindi| hindi } else { |english, _| english };
        for (name, page) in [
            ("fields", fields(w, say)),
            ("home", home(w, say)),
            ("question", question(w, say)),
            ("parts", parts(w, say)),
            ("done", done(w, say)),
            ("desk", desk(w, say)),
        ] {
            let file = folder.join(format!("{name}-{}.html", language.code()));
            fs::write(file, unhashed(&page.0))?;
        }
    }
    Ok(())
}

/// Makes the hashed paths of assets relative, so that the pages can be opened from the folder.
fn unhashed(page: &str) -> String {
    let mut text = String::new();
    for (at, piece) in page.split("/assets/").enumerate() {
        if at == 0 {
            text.push_str(piece);
            continue;
        }
        let (stem, rest) = piece.split_once('-').expect("an asset has a hash");
        text.extend(["assets/", stem, &rest[16..]]);
    }
    text
}

fn home(w: Words, say: Say) -> Markup {
    let content = html! {
        p.lead { (say("Vaccination at a time and place that suit you. Every look at your data is recorded, and you can read the record.",
            "आपके समय और आपकी जगह पर टीकाकरण। आपकी जानकारी को हर बार देखना दर्ज होता है, और आप वह सूची पढ़ सकते हैं।")) }
        (buttons(html! {
            (link_button("/sign-in", say("Book a vaccination", "टीकाकरण बुक करें")))
            (quiet_link_button("/find", say("Look for sessions first", "पहले सत्र देखें")))
        }))
        div.grid {
            (card(html! { h2 { a href="/verify" { (say("Verify a certificate", "प्रमाणपत्र जाँचें")) } } p { (say("Scan or upload it; nothing about you is asked.", "स्कैन करें या अपलोड करें; आपके बारे में कुछ नहीं पूछा जाता।")) } }))
            (card(html! { h2 { a href="/looks" { (say("Who looked at my data", "मेरी जानकारी किसने देखी")) } } p { (say("A list that nobody can change, not even us.", "ऐसी सूची जिसे कोई बदल नहीं सकता, हम भी नहीं।")) } }))
        }
    };
    Shell::new(w, say("Get vaccinated, simply", "टीका लगवाएँ, आसानी से"), "/").page(content)
}

fn question(w: Words, say: Say) -> Markup {
    let mut form = Form::empty().with("mobile", "98765 4321");
    form.problem("mobile", say("Enter a mobile number of 10 digits.", "10 अंकों का मोबाइल नंबर लिखें।"));
    let asked = say("What is your mobile number?", "आपका मोबाइल नंबर क्या है?");
    let content = post_form(
        "/sign-in",
        html! {
            (field(w, &form, "mobile", asked).heading().phone()
                .hint(say("We send a code to it. A family may share one number.", "हम इस पर एक कोड भेजेंगे। पूरा परिवार एक ही नंबर रख सकता है।")))
            (button(w.t("continue")))
        },
    );
    Shell::new(w, asked, "/sign-in").back("/").form(&form).question().page(html! { (progress(w, 1, 3)) (content) })
}

fn fields(w: Words, say: Say) -> Markup {
    let mut form = Form::empty()
        .with("gender", "f")
        .with("slot", "10")
        .with("ill", "fever")
        .with("district", "2")
        .with("born-day", "31")
        .with("born-month", "2")
        .with("born-year", "1961")
        .with("note", "<b>&");
    form.problem("born", w.t("date-impossible"));
    form.problem("gender", say("Choose what is written in the register.", "वह चुनें जो रजिस्टर में लिखा जाए।"));
    let content = html! {
        (post_form("/kit", html! {
            (field(w, &form, "name", say("Full name", "पूरा नाम")).hint(say("As on an identity document, if there is one.", "जैसा पहचान पत्र पर हो, यदि हो।")).autocomplete("name"))
            (date_field(w, &form, "born", say("Date of birth", "जन्म तिथि")).hint(say("For example, 5 3 1961", "जैसे 5 3 1961")).birthday())
            (radios(w, &form, "gender", say("Gender", "लिंग")).option("f", say("Female", "महिला")).option("m", say("Male", "पुरुष"))
                .option_with_hint("o", say("Other", "अन्य"), say("You need not explain.", "कारण बताने की ज़रूरत नहीं।")))
            (radios(w, &form, "slot", say("Time", "समय")).tiles().option("9", w.time(time(9, 0, 0, 0))).option("10", w.time(time(10, 30, 0, 0)))
                .option("11", w.time(time(12, 0, 0, 0))).option("14", w.time(time(16, 30, 0, 0))))
            (checkboxes(w, &form, "ill", say("Today, does the person have any of these?", "क्या आज इनमें से कुछ है?")).optional()
                .option("fever", say("Fever", "बुखार")).option("bleeding", say("A bleeding disorder", "रक्तस्राव की बीमारी")))
            (select(w, &form, "district", say("District", "ज़िला")).option("1", say("Pune", "पुणे")).option("2", say("Nashik", "नाशिक")))
            (field(w, &form, "pin", say("PIN code", "पिन कोड")).digits(6))
            (field(w, &form, "reference", say("Reference or QR code", "संदर्भ संख्या या QR कोड")).digits(14).scan())
            (field(w, &form, "fee", say("Fee for a dose", "एक खुराक का शुल्क")).prefix("₹").digits(5))
            (field(w, &form, "code", say("6-digit code", "6 अंकों का कोड")).code(6))
            (field(w, &form, "secret", say("Password", "पासवर्ड")).password())
            (field(w, &form, "start", say("Start", "शुरुआत")).clock())
            (field(w, &form, "note", say("What happened?", "क्या हुआ?")).lines(3).optional())
            (buttons(html! {
                (button(say("Book this time", "यह समय बुक करें")))
                (button(say("Save and return", "सहेजें और लौटें")).secondary().sends("act", "save"))
                (button(say("Cancel this booking", "यह बुकिंग रद्द करें")).warning().to("/cancel"))
                (button(say("Send the code again", "कोड फिर भेजें")).link())
            }))
        }))
        (upload_form("/kit", html! { (field(w, &form, "file", say("A table of centres (CSV)", "केंद्रों की तालिका (CSV)")).file(".csv")) }))
        (get_form("/find", html! { (field(w, &form, "near", say("Find by PIN code", "पिन कोड से खोजें")).digits(6)) }))
        (near_me(w, "/find", &[("on", "2026-11-23")]))
    };
    Shell::new(w, say("Fields", "फ़ील्ड"), "/kit/fields?x=1")
        .signed_in(Who::Citizen, 0)
        .back("/")
        .form(&form)
        .page(content)
}

fn parts(w: Words, say: Say) -> Markup {
    let content = html! {
        (banner(w, Tone::Info, html! { p { (say("The session at Shivaji Nagar moved to the school next door.", "शिवाजी नगर का सत्र पास के स्कूल में होगा।")) } }))
        (banner(w, Tone::Warn, html! { p { (say("The second dose is due only on 30 Nov 2026.", "दूसरी खुराक 30 नवंबर 2026 को ही देनी है।")) } }))
        (banner(w, Tone::Bad, html! { p { (say("This batch has expired. Do not give it.", "इस बैच की तारीख़ निकल चुकी है। इसे न दें।")) } }))
        h2 { (say("Savitri’s vaccination", "सावित्री का टीकाकरण")) }
        (task_list().task(say("Registered", "पंजीकृत"), "#a", Tone::Good, say("Done", "हो गया"))
            .task(say("First dose", "पहली खुराक"), "#b", Tone::Info, say("Booked", "बुक है"))
            .task(say("Details to check", "जाँचने योग्य जानकारी"), "#c", Tone::Warn, say("Missing", "बाक़ी"))
            .later(say("Certificate", "प्रमाणपत्र"), say("After the first dose", "पहली खुराक के बाद"), say("Later", "बाद में")))
        h2 { (say("Check your answers", "अपने उत्तर जाँचें")) }
        (summary_list(w)
            .row_to_change(say("Name", "नाम"), say("Savitri Deshpande", "सावित्री देशपांडे"), "#n")
            .row_to_change(say("Birth date", "जन्म तिथि"), w.date(date(1961, 3, 5)), "#b")
            .row(say("Mobile", "मोबाइल"), masked(w, "••••• •3210", say("the mobile number", "मोबाइल नंबर"), "/show"))
            .row(say("Second mobile", "दूसरा मोबाइल"), shown(w, phone("9876543210")))
            .row(say("Fee", "शुल्क"), rupees(25_000)))
        (inset(html! { p { (say("Bring the card printed at registration, or your phone.", "पंजीकरण का कार्ड या अपना फ़ोन साथ लाएँ।")) } }))
        (details(say("What the certificate shows", "प्रमाणपत्र क्या दिखाता है"), html! { p { (say("Name, year of birth, vaccine and dates.", "नाम, जन्म वर्ष, टीका और तारीख़ें।")) } }))
        p { (tag(Tone::Plain, say("Closed", "बंद"))) " " (tag(Tone::Info, say("Booked", "बुक है"))) " " (tag(Tone::Good, say("Open", "खुला"))) " " (tag(Tone::Warn, say("Few left", "कुछ ही बचे"))) " " (tag(Tone::Bad, say("Full", "भर गया"))) }
        (card(html! { h3 { (say("Observation", "निगरानी")) } p { (timer(w, 754, &w.time_exact(time(16, 2, 17, 0)))) } }))
        (empty_state(say("No sessions near you this week", "इस सप्ताह आपके पास कोई सत्र नहीं"), html! { p { a href="#x" { (say("Nearest: Haveli", "सबसे पास: हवेली")) } ", " (w.distance(2_449)) } }))
        (pagination(w, 2, 12, |page| format!("#{page}")))
    };
    Shell::new(w, say("Parts", "हिस्से"), "/family/kit")
        .signed_in(Who::Citizen, 3_600)
        .flash(Tone::Good, say("Your booking is changed.", "आपकी बुकिंग बदल गई है।"))
        .page(content)
}

fn done(w: Words, say: Say) -> Markup {
    let (from, to) = (time(10, 30, 0, 0), time(11, 0, 0, 0));
    let title = say("Your time is booked", "आपका समय बुक हो गया");
    let content = html! {
        (confirmation(title, html! { p { (w.date(date(2026, 11, 23))) ", " (w.time_span(from, to)) } p { strong { (say("Shivaji Nagar Health Centre", "शिवाजी नगर स्वास्थ्य केंद्र")) } } }))
        h2 { (say("What happens next", "आगे क्या होगा")) }
        p { (say("We send you a message with the time and the place, and one more the day before.", "हम आपको समय और जगह का संदेश भेजेंगे, और एक दिन पहले फिर याद दिलाएँगे।")) }
        (buttons(html! { (link_button("/slip", say("Save the slip (PDF)", "पर्ची सहेजें (PDF)"))) (quiet_link_button("/family", say("Back to my family", "मेरे परिवार पर लौटें"))) }))
    };
    Shell::new(w, title, "/bookings/1").signed_in(Who::Citizen, 3_600).question().page(content)
}

fn desk(w: Words, say: Say) -> Markup {
    let row = |name, open: i64, given: i64, left: i64, state: Markup| {
        vec![
            html! { a href="#c" { (name) } },
            html! { (w.number(open)) },
            html! { (w.number(given)) },
            html! { (w.number(left)) },
            state,
        ]
    };
    let content = html! {
        p.quiet { (w.date_time(date(2026, 11, 23).at(16, 2, 0, 0))) }
        div.grid {
            (card(html! { p { (say("Doses given today", "आज दी गई खुराकें")) } p.figure { (w.number(1_234_567)) } }))
            (card(html! { p { (say("Places left", "बची जगहें")) } p.figure { (w.number(8_420)) } }))
            (card(html! { p { (say("Did not come", "नहीं आए")) } p.figure { (w.number(312)) } }))
        }
        (table(say("Sessions today", "आज के सत्र")).column(say("Centre", "केंद्र")).figures(say("Capacity", "क्षमता")).figures(say("Given", "दी गई"))
            .figures(say("Left", "बची")).column(say("State", "स्थिति"))
            .row(row(say("Shivaji Nagar Health Centre", "शिवाजी नगर स्वास्थ्य केंद्र"), 200, 148, 52, tag(Tone::Good, say("Open", "खुला"))))
            .row(row(say("Haveli Rural Hospital", "हवेली ग्रामीण अस्पताल"), 1_200, 1_197, 3, tag(Tone::Warn, say("Few left", "कुछ ही बचे")))))
    };
    Shell::new(w, say("Today", "आज"), "/manager").signed_in(Who::Manager, 3_600).wide().page(content)
}
