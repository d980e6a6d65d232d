### What anyone may read: the first page, the search, the pages about this service, staff sign-in.

## Open sessions

sessions-weeks = Weeks
sessions-earlier = Earlier days
sessions-later = Later days
sessions-week = { $from } to { $to }
sessions-none = No session
sessions-empty = No session on these days
sessions-empty-text = Look at later days, or at the centres below. New sessions are added every day.
sessions-elsewhere = Nearest centres with open places
sessions-as-of = Places as of { $time }.
about-distance = about { $distance }
centre-address = { $address }, PIN { $pin }
places-left =
    { $count ->
        [one] Dose { $dose }: { $count } place left
       *[other] Dose { $dose }: { $count } places left
    }
places-list = Places left: { $list }
places-of-dose = dose { $dose }: { $count }
places-none = No places left
ages-from = { $from } years and over
ages-between = { $from } to { $to } years
vaccine-covishield = Covishield
vaccine-covaxin = Covaxin
vaccine-sputnik-v = Sputnik V
vaccine-corbevax = Corbevax
vaccine-covovax = Covovax
vaccine-zycov-d = ZyCoV-D

## First page

home-title = Get vaccinated, and stay in charge of your data
home-lead = Find a session near you, book for your family, and keep certificates that anyone can check.
home-book = Book a vaccination
home-book-text = Look for open places first. You need no account for that.
home-by-district = Search by state and district
home-family = My family
home-family-text = Register up to four people with one mobile number, and see bookings, doses and certificates.
home-verify = Verify a certificate
home-verify-text = Check whether a certificate is genuine, from its QR code, PDF or picture.
home-looks = Who looked at my data
home-looks-text = Read when your details were opened, by whom, and why.
home-privacy = How we protect your data
home-privacy-text = Who can open your details, who cannot, and what a thief would learn.
home-counts = Doses given so far
home-counts-text = Figures by day and state, without anything about single people.
home-staff = Staff sign-in
home-demo = This is a demonstration. All people in it are made up, and no message leaves this computer.

## Search

find-title = Find a session
find-lead = Search by PIN code, by district, or near you. You need not sign in.
find-pin = PIN code
find-pin-hint = The 6-digit postal code of your area, for example 560001.
find-pin-wrong = Enter a PIN code of 6 digits that does not start with 0.
find-sessions = Find sessions
find-district-heading = Search by district
find-state = State or union territory
find-state-missing = Choose a state or union territory.
find-choose-district = Choose a district
find-district = District
find-district-missing = Choose a district.
find-no-districts = No districts of this state are listed yet. Search by PIN code instead.
find-at-pin = Sessions at PIN code { $pin }
find-in-district = Sessions in { $district }
find-near-you = Sessions near you

session-day = Day
session-vaccine = Vaccine
session-ages = Age
session-fee = Price of a dose
session-places = Open places
session-slots = Times
session-address = Address
session-book = Book this time
session-book-hint = You sign in with your mobile number, and then choose the person and the time.
session-others = Look for another session
session-full = This session is full. Places come back when others cancel, so it can help to look again.
session-over = This session is over.
session-bring-heading = What to bring
session-bring = The four-digit code of your appointment, or the card that was printed when you registered. If you have neither, come all the same: the centre can help you.

## How we protect your data

privacy-title = How we protect your data
privacy-lead = Your details are locked. They open in three ways only, and every opening is written down before anything is shown.
privacy-ways = The four ways in
privacy-way-you = You
privacy-way-you-text = You sign in with your mobile number and a code that is sent to it. You see your own family and nobody else.
privacy-way-presence = The vaccinator in front of you
privacy-way-presence-text = Only while you are at the centre: you give the code of your appointment, the code from a message, or your card. It works for a vaccinator on duty at this session, and ends at midnight.
privacy-way-notice = A message to you
privacy-way-notice-text = When your appointment changes, your number goes straight to the message service. Nobody gets to see it here, and the message does not name you or the vaccine.
privacy-absent = What does not exist
privacy-no-search = Nobody can search for people by name, phone number or identity document, in no role.
privacy-no-manager = Managers plan sessions and see counts. They see no names and no numbers.
privacy-no-key = There is no master account, no access for partners and no emergency button that opens your details.
privacy-no-id = The number of your identity document is not stored. We keep its kind, its last four characters, and a scrambled mark against double registration.
privacy-no-log = The record of who looked only ever grows. Nobody can take a line out, not even we.
privacy-recorded = Every look is recorded
privacy-recorded-text = The line is written first. If it cannot be written, nothing is shown. You can read every line about you: when, by whom, in which role, and what was opened.
privacy-thief = What a thief would learn
privacy-thief-text = No system is safe for ever. So we ask of each part: what if it is stolen?
privacy-table = Stolen things and what they tell
privacy-steals = Stolen
privacy-learns = What it tells
privacy-steal-database = The database, or a backup of it
privacy-learns-database = No names, numbers, birth dates or documents: they are sealed, each with its own key. It tells that somebody got a dose at a place on a day, without saying who.
privacy-steal-keys = The file of keys alone
privacy-learns-keys = Nothing about anyone. The keys are wrapped, and what they would open is kept elsewhere.
privacy-steal-log = The record of looks
privacy-learns-log = How much happened and when. Whom it was about is hidden.
privacy-steal-tablet = A vaccinator’s device
privacy-learns-tablet = Times and the last four digits of references. A person’s details open only with her code or card.
privacy-steal-messages = The messages
privacy-learns-messages = Numbers, codes that end after minutes, times and centres. No names and no vaccines.
privacy-steal-reference = Your reference number
privacy-learns-reference = Nothing. Alone it opens, confirms and denies nothing.
privacy-steal-machine = The whole running computer with all its keys
privacy-learns-machine = Everything on it. In this version the key room runs on the same computer; it is built so that it can move to one of its own.
privacy-kept = What we do not keep
privacy-kept-text = We ask for no postal address. Of adults we ask the year of birth, not the date. Your position is used for one search and is not kept.

## Accessibility

access-title = Accessibility
access-lead = Everyone must be able to get vaccinated, so everyone must be able to use these pages.
access-can = You can
access-keyboard = do everything with the keyboard alone;
access-zoom = enlarge the text to 200 per cent, and use a small phone;
access-reader = listen to every page with a screen reader;
access-script = do everything without JavaScript, and on a slow connection;
access-language = read every page in English and in Hindi;
access-colour = read every page in light and in dark colours; no meaning is in colour alone.
access-standard = The standard
access-standard-text = We build to the Web Content Accessibility Guidelines 2.2, level AA, and test every page with a tool in a real browser. A tool does not find everything.
access-person = If a page does not work for you
access-person-text = Go to any centre. Staff there can register you, vaccinate you and print your card and your certificate. You need no phone for that.

## Help

help-title = Help
help-lead = The questions that are asked most.
help-code = The code does not arrive
help-code-text = It can take a minute. Check the number, and then ask for a new code. After several codes you have to wait a while; the page says how long. If you did not ask for them yourself, sign in where you signed in before: such a browser has a count of its own.
help-phone = I have no phone
help-phone-text = Use the phone of someone you trust; four people can share a number. Or go to a centre, where staff register you and print a card.
help-family = I want to book for my parents
help-family-text = Sign in with your number, choose My family, and add each of them. Then book for each person.
help-change = I cannot come on that day
help-change-text = Sign in, open the booking under My family, and choose another time or cancel. Your place then goes to someone else.
help-bring = What do I bring?
help-certificate = Where is my certificate?
help-certificate-text = Under My family, after the dose was recorded. You can save it as a PDF, or ask for a print at the centre.
help-looked = Someone opened my details and I do not know why
help-looked-text = Open Who looked at my data after signing in. Each line says who it was, where, and why. Ask the centre named there.
help-unwell = If you feel unwell after a dose
help-unwell-text = Call 108 for an ambulance if it is serious. Otherwise tell the centre where you got the dose, or any health worker.

## Service status

status-title = Service status
status-open = The service is open.
status-version = Version
status-build = Build
status-clock = Clock of the service
status-log = Record of looks and changes
status-log-entries =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
status-log-text = This number can only grow.
status-log-published = Published
status-log-unpublished = nothing yet
status-log-seen = { $count } entries, seen by enough witnesses on { $time }
status-law = Keys that opened something
status-law-soon = being counted
status-law-holds = { $released } went out; the record asked for { $asked }
status-law-wastes = { $released } went out; the record asked for { $asked }. In the last hour more than one in a hundred were asked and not used.
status-law-broken = ALARM: { $released } went out, the record asked for { $asked }.
status-witnesses = Who watches the record
status-witnesses-text = Witnesses sign the record again and again, and refuse as soon as anything in it vanished or changed. Without them your own pages go on for a day, everybody else’s for four hours.
status-witnesses-none = Nobody outside yet.
status-checkpoint = The signed checkpoint
status-policy = Whose signatures it needs

## Public counts

counts-title = Doses given
counts-lead = Doses of the last seven complete days, by state.
counts-all =
    { $count ->
        [one] { $count } dose
       *[other] { $count } doses
    }
counts-chart = Doses by day; the table has the same figures
counts-table = Doses by state and day
counts-fewer = under { $smallest }
counts-small = Figures under { $smallest } are not shown and not in the sums, because small figures say something about single people. States with no larger figure are left out.
counts-empty = No figures to show
counts-empty-text = In no state were { $smallest } or more doses given on one day.

## Staff sign-in

staff-title = Staff sign-in
staff-lead = For vaccinators and managers.
staff-login = Log-in name
staff-password = Password
staff-code = 6-digit code
staff-code-hint = From your authenticator app. Each code works once.
staff-wrong = This did not work. Check the log-in name and the password, and wait for a new code. After several wrong tries you have to wait a few minutes.
staff-lost = Lost your password or your phone? Your manager can give you new ones.

## Demonstration

demo-inbox-title = Messages of this demonstration
demo-inbox-lead = Here you read the messages that would go to a phone. They are kept in memory only.
demo-mobile = Mobile number
demo-mobile-wrong = Enter a mobile number of 10 digits that starts with 6, 7, 8 or 9.
demo-look = Show messages
demo-no-messages = No message for this number yet
demo-no-messages-text = Ask for a code first, and then look again.
demo-staff-title = Staff log-ins of this demonstration
demo-staff-lead = Sign in as one of these people. A code works once; for a second sign-in wait for the next one.
demo-codes-until = Codes are good until { $time }.
demo-codes-fresh = Show new codes
demo-sign-in-as = Sign in as { $login }
demo-staff-find = Log-in name, role or place
demo-staff-find-hint = For example guntur, or manager. Leave it empty for a few of each role.
demo-staff-look = Show log-ins
demo-staff-none = Nobody here fits that.
demo-staff-count =
    { $count ->
        [one] { $count } person works in this demonstration; at most 20 are shown at once.
       *[other] { $count } people work in this demonstration; at most 20 are shown at once.
    }
