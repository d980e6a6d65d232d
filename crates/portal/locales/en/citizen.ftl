### What the holder of a phone reads: sign-in, family, booking, certificate, who looked.

## Sign-in

sign-in = Sign in
sign-in-title = Sign in
sign-in-phone = What is your mobile number?
sign-in-phone-hint = We send you a code by message. Up to four people can share one number.
sign-in-send = Send me a code
sign-in-no-phone = No phone? Go to any vaccination centre. They register you and give you a printed card.
sign-in-phone-wrong = Enter a mobile number of 10 digits, for example 98765 43210.
sign-in-code-title = Enter the code
sign-in-code = What is the code in the message?
sign-in-code-hint = We sent 6 digits to { $mobile }. The code is valid for 3 minutes.
sign-in-code-form = Enter the 6-digit code from the message. It is valid for 3 minutes.
sign-in-code-wrong =
    { $left ->
        [one] Enter the 6-digit code from the message. It is valid for 3 minutes. You have { $left } more try.
       *[other] Enter the 6-digit code from the message. It is valid for 3 minutes. You have { $left } more tries.
    }
sign-in-code-gone = This code is no longer valid. Ask for a new one below and enter that.
sign-in-no-code = The message has not come
sign-in-no-code-text = A message can take a minute. Then you can ask for a new code; the old one stops working.
sign-in-resend = Send a new code
sign-in-resent = A new code is on its way. The old one no longer works.
sign-in-again-at = Too many codes were asked for. You can ask for a new one at { $time }.
sign-in-locked = Too many wrong codes were entered for this number. Please ask for help at any vaccination centre.
sign-in-proof-title = One more question
sign-in-proof = What are the last six digits of a beneficiary reference of your family?
sign-in-proof-hint = They stand on your slip or card. The year of birth of a family member also works.
sign-in-proof-why = We ask because this number was not used here for more than 90 days, and numbers change hands.
sign-in-proof-wrong = That does not match. Look on a slip or card, or enter the year of birth of a family member.
sign-in-proof-over = That did not match three times. Sign in again later, or ask for help at any vaccination centre.
sign-in-proof-late = That took longer than ten minutes. Please sign in again.

## Family

family-title = My family
family-lead = These people share the number that ends in { $last }.
family-add = Add a person
family-is-full = Four people share this number, which is as many as can. Please use another number for more.
family-looks = Who looked at our data
family-my-data = Our data: download, correct, leave
family-said-cancelled = The appointment is cancelled. The place is free for somebody else.
family-said-confirmed = This person is now in your family.
task-registered = Registered
task-done = Done
task-dose-given = Dose { $dose }: { $vaccine }, { $day }
task-vaccinated = Vaccinated
task-to-confirm = To confirm
task-dose-booked = Dose { $dose }: { $day }
task-booked = Booked
task-dose-missed = Dose { $dose }: was booked for { $day }
task-missed = Missed
task-dose-called-off = Dose { $dose }: { $day } is called off
task-called-off = Choose another
task-book = Book dose { $dose }
task-to-do = To do
task-book-from = Book dose { $dose }, from { $day }
task-not-yet = Not yet
task-certificate = Certificate
task-certificate-later = It is here after the first dose.
task-ready = Ready
at-once-title = Dose { $dose }: next free day { $day }
at-once-book = Book { $time }
at-once-other = Another day or centre
waiting-title = Somebody added at { $centre } on { $day }
waiting-text = A vaccinator registered somebody with your number. If you know this person, confirm it with the card that was printed.
waiting-six = Last six digits of the reference on the card
waiting-six-hint = You have three tries.
waiting-confirm = Confirm this person
waiting-form = Enter the last six digits of the reference on the card.
waiting-wrong =
    { $left ->
        [one] That does not match the card. You have { $left } more try.
       *[other] That does not match the card. You have { $left } more tries.
    }
waiting-locked = That did not match three times. Please go to any vaccination centre with the card.

## Adding a person

add-title = Add a person
add-name = What is the person’s name?
add-name-hint = As on an identity document, in any script. Without a document: as people call her or him.
add-name-missing = Enter the name.
add-name-long = Enter a name of at most 100 characters.
add-name-wrong = Enter the name in letters. Numbers and signs cannot be part of it.
add-born = Year of birth
add-born-hint = Four digits, for example 1961. If you do not know it, enter the most likely year.
add-born-wrong = Enter the year of birth in four digits, for example 1961.
add-born-range = Enter a year of birth that is not in the future and not more than 120 years ago.
add-gender = Gender
add-gender-female = Female
add-gender-male = Male
add-gender-others = Other
add-gender-missing = Choose one.
add-document = Is there an identity document?
add-document-hint = It is not needed. We keep its kind and the last four characters, never the number.
add-document-none = No document
add-number = Number of the document
add-number-hint = Leave it empty without a document. The last four characters are enough.
add-number-short = Enter at least the last four characters of the number.
add-number-wrong = Enter the number as it stands on the document: letters and digits only.
add-number-mistyped = This Aadhaar number has a mistyped digit. Check it, or enter the last four digits only.
add-condition = Does the person have a condition that gives priority?
add-condition-hint = For example heart or kidney disease, diabetes or cancer. We do not ask which one.
add-condition-missing = Choose yes or no.
add-yes = Yes
add-no = No
add-check-title = Check the answers
add-check-name = Name
add-check-document = Identity document
add-check-condition = Condition that gives priority
add-check-promise = We keep this locked with a key of this person’s own. Whoever opens it is recorded, and you can read the record.
add-save = Register this person
document-ends = { $kind }, ending { $last }
document-aadhaar = Aadhaar card
document-driving-licence = Driving licence
document-health-insurance = Health insurance smart card
document-mnrega = MNREGA job card
document-official = Official identity card of an MP, MLA or MLC
document-pan = PAN card
document-passbook = Passbook of a bank or post office
document-passport = Passport
document-pension = Pension document
document-service = Service identity card of the government
document-npr = NPR smart card
document-voter = Voter ID
document-other = Another document
registered-title = { $name } is registered
registered-reference = Beneficiary reference
registered-keep = You find the reference under My family at any time.
registered-next = Next: book the first dose
registered-go-on = Go on with the session you chose
registered-family = Later: go to my family

## One person

member-doses = Doses
member-batch = Batch { $batch }
member-attested = Certified
member-unattested = Recorded, not confirmed
member-unattested-text = The centre recorded this dose without a code or card from you. If you got it, say so, and it appears on the certificate.
member-attest = I got this dose
member-not-mine = I did not get this dose
member-said-attested = Thank you. The dose is now on the certificate.
member-more = More
member-looks = Who looked at this data
member-download-looks = Download the list of looks (JSON)
remove-keep = Keep this person
my-data-title = Our data
my-data-lead = What is kept about each of you is yours. Take it along, see who looked at it, or leave.
my-data-correct = Something is wrong? Choose “Something is wrong or missing” beside the person, or ask at any vaccination centre with your slip or card.

## Finding a session

search-title = Dose { $dose } for { $name }: where?
search-pin = PIN code
search-pin-hint = Six digits. It stays on this device for your next search.
search-pin-go = Find sessions
search-pin-wrong = Enter a PIN code of six digits, for example 560001.
search-otherwise = Or by district
search-by-district = Choose a district
search-state = Choose a state
search-district = Choose a district
search-elsewhere = Look elsewhere
search-near-pin = Sessions you can book, nearest to PIN { $pin }.
search-in-district = Sessions you can book in { $district }.
search-near-you = Sessions you can book, nearest to you.
search-not-yours =
    { $count ->
        [one] { $count } session here that you cannot book, and why
       *[other] { $count } sessions here that you cannot book, and why
    }
search-not-yours-of = { $vaccine }, { $count ->
        [one] { $count } session
       *[other] { $count } sessions
    }

## Booking

book-title = Choose a time and book
book-title-move = Choose the new time
book-who = For
book-what = Vaccine
book-where = Where
book-day = Day
book-fee = Price
book-time = What time suits you?
book-time-short = Time
book-time-missing = Choose a time.
book-dose-of = { $vaccine }, dose { $dose }
book-go = Book this time
book-move-go = Change to this time
book-find-another = Find another session
book-bar-early = It is too early for this dose. It can be given from { $day }.
book-bar-age = This session is for another age group.
book-bar-vaccine = This is another vaccine than the last dose was.
book-bar-order = There is no such dose to book.
book-bar-full = No places left.
book-bar-over = This session is over or does not take place.
choose-title = For whom is this?
choose-booked = Already booked: { $day }
choose-go = Dose { $dose } for { $name }

## Appointment

appointment-title = Your appointment
appointment-said-booked = It is booked
appointment-said-moved = The time is changed
appointment-called-off = { $centre } called this session off. We are sorry. Please choose another.
appointment-cancelled = You cancelled this appointment.
appointment-missed = The day of this appointment has passed. You can change it to a new day.
appointment-checked-in = You are checked in. Please wait to be called.
appointment-done = The dose was given at this appointment.
appointment-choose = Choose a session
appointment-bring = Bring the slip on paper or on the phone, or just the four digits.
appointment-slip = Slip to print (PDF)
appointment-change = Change day or time
appointment-cancel = Cancel the appointment
appointment-another-person = Book this session for somebody else in my family
slip-reference = Beneficiary reference
slip-code = Four digits for your vaccinator
slip-code-hint = Say them only at the centre. They show that you are there.
slip-scan = Code with the beneficiary reference, for the vaccinator to scan
cancel-title = Cancel this appointment?
cancel-text =
    { $count ->
        [one] The place goes to somebody else. You can book again at any time.
       *[other] The { $count } places go to others. You can book again at any time.
    }
cancel-go = Cancel the appointment
cancel-keep = Keep it

## Certificate

my-certificate-title = Vaccination certificate
my-certificate-qr = Code of the certificate, for checking
my-certificate-show = Show this code where you are asked. Anyone can check it, even without a network.
my-certificate-pdf = Save as PDF
my-certificate-json = Save as data (JSON)
my-certificate-says = What it says
my-certificate-reference = Beneficiary reference ends in
my-certificate-number = Certificate { $number }, version { $version }
my-certificate-issued = Issued on { $day }
my-certificate-dose = Dose { $number } of { $total }: { $vaccine }
my-certificate-batch = Batch and maker
my-certificate-given-by = Given by
my-certificate-reveals = What the code reveals
my-certificate-reveals-yes = Whoever reads the code learns what stands on this page: name, year of birth, gender, the ends of the numbers, and the doses.
my-certificate-reveals-no = Nobody learns your phone, your complete reference, your address or a complete identity number from it: they are not in it.
my-certificate-reveals-offline = Checking happens on the reader’s own device. We do not learn where you showed it.
my-certificate-missing = Is a dose missing? See all recorded doses
my-certificate-none = There is no certificate yet

## Who looked

looks-title = Who looked at my data
looks-choose = Every time somebody opens your data, it is written down. Whose list do you want to read?
looks-choose-go = List of { $name }
looks-of = Person { $place } of your family
looks-count =
    { $count ->
        [one] There is { $count } entry in all, the newest first.
       *[other] There are { $count } entries in all, the newest first.
    }
looks-caption = Looks and changes
looks-who = Who and when
looks-what = What for
looks-opened = Opened: { $fields }
looks-through = Through: { $channel }
looks-times =
    { $count ->
        [one] ({ $count } time)
       *[other] ({ $count } times)
    }
looks-more = Show the whole list
looks-question = Is there a look that you cannot explain? Note its time and the staff code, and ask at any vaccination centre.
check-title = Check this list yourself
check-text = Your browser can prove that every line is in the public record, and that none is missing. Nothing is sent anywhere for it. Without a script the button gives you the file, for a check on a machine of your own.
check-go = Check this list
check-checking = Checking …
check-failed = The list could not be fetched. Please try again.
check-unable = This browser cannot check. Take the file to a newer one, or to the command “teeka check”.
check-good = All { $rows } lines are in the record, which has { $size } entries.
check-complete = No line is missing before { $until }.
check-first = That none is missing can be shown when the first day is over.
check-later = { $rows } lines are newer: that none is missing beside them can be shown tomorrow.
check-waiting = { $rows } lines are so new that the record is not signed with them yet.
check-signed = Signed by { $names }, last on { $at }.
check-unsigned = No witness signed this record.
check-own = Who must sign was said by this service itself. For a check against others, take the file and a policy that you trust to “teeka check”.
check-key = Number of your list: { $key }. It never changes; compare it with an older copy.
check-bad = This list does not prove itself: { $place } ({ $code }). Keep the file and ask at any vaccination centre.
check-row = line { $number }
check-index = day index { $number }
looks-you = You, on this number
looks-nobody = Somebody not signed in
looks-platform = Teeka itself
looks-staff = { $role }, staff code { $code }
looks-role-vaccinator = Vaccinator
looks-role-manager = Manager
looks-role-cold-chain = Cold chain handler
looks-role-auditor = Auditor
looks-role-operator = Operator
looks-role-officer = Officer
looks-kind-reveal = Looked
looks-kind-use = Used without showing
looks-kind-write = Wrote
looks-kind-lookup = Looked up
looks-kind-refused = Was refused
looks-kind-notice = Sent a message
looks-kind-code = Code
looks-kind-erase = Erased
looks-kind-audit = Opened by an auditor
looks-kind-other = Kept the record
looks-purpose-sign-in = sign-in
looks-purpose-family = family page
looks-purpose-register = registration
looks-purpose-booking = booking
looks-purpose-slip = appointment slip
looks-purpose-certificate = certificate
looks-purpose-access-list = this list
looks-purpose-check-in = check-in at your session
looks-purpose-screening = health questions before the dose
looks-purpose-dose = the dose
looks-purpose-correction = correction on the same day
looks-purpose-aefi = report after a dose
looks-purpose-card = printed card
looks-purpose-booking-notice = news of the appointment
looks-purpose-cancelled-notice = news of a session called off
looks-purpose-reminder = reminder
looks-purpose-leaving = leaving
looks-purpose-membership = joining or leaving the family
looks-purpose-planning = planning
looks-purpose-audit = checking the log
looks-purpose-consent = a permission you gave
looks-purpose-case = a case of yours
looks-purpose-download = your download
looks-purpose-letter-notice = a letter that waits for you
looks-purpose-move = move to another phone
looks-purpose-watching = watching over who looks at whom
looks-field-name = name
looks-field-birth-year = year of birth
looks-field-gender = gender
looks-field-phone = phone
looks-field-id-document = identity document
looks-field-reference = beneficiary reference
looks-field-booking-code = four-digit code
looks-field-screening = health answers
looks-field-aefi = report after a dose
looks-field-comorbidity = condition that gives priority
looks-field-case = what was written in a case
looks-channel-page = this website
looks-channel-api = an app
looks-channel-worker = Teeka itself
looks-channel-command = the command line
