### The words of this area; each key stands in both languages.

## Words of many pages

manager-saved = Saved.
manager-search = Search
manager-show-all = Show all
manager-keep = Leave it as it is
manager-as-of = As of { $time }
manager-act = What you can do
manager-state = State
manager-name = Name
manager-number = Number
manager-centre = Centre
manager-centre-number = Number of the centre
manager-address = Address
manager-block = Block
manager-district = District
manager-pincode = PIN code
manager-position = Position
manager-hours = Hours
manager-opens = Opens at
manager-closes = Closes at
manager-vaccine = Vaccine
manager-day = Day
manager-week = { $from } to { $to }
manager-weekday = { weekday }
manager-ages = Age
manager-ages-from = { $min } and above
manager-ages-between = { $min } to { $max }
manager-fee = Fee
manager-slots = Time slots
manager-places = Places
manager-places-for = For
manager-places-left = Places left
manager-booked = Booked
manager-awaited = Booked, not yet here
manager-short-awaited = Awaited
manager-short-there = Here
manager-short-left = Left
manager-there = Here, not yet vaccinated
manager-given = Given
manager-hands = Vaccinators
manager-minutes = minutes
manager-dose1 = First dose
manager-dose2 = Second dose
manager-dose3 = Precaution dose
manager-walk-in = Without a booking
manager-role-vaccinator = Vaccinator
manager-role-manager = Manager
manager-role-cold-chain-handler = Cold chain handler
manager-role-auditor = Auditor
manager-role-operator = Operator
manager-role-officer = Officer

## Today

manager-figure-running = Sessions running now
manager-figure-given = Doses given today
manager-figure-no-shows = Did not come so far
manager-figure-left = Places left today
manager-figure-unattested = Doses without the person’s proof, last 30 days
manager-today-sessions =
    { $count ->
        [one] One session today
       *[other] { $count } sessions today
    }
manager-today-empty = No sessions today
manager-state-later = Later today
manager-state-over = Over
manager-state-running = Running
manager-state-called-off = Called off
manager-state-no-hands = No vaccinator yet
manager-state-today = Today
manager-state-published = Published
manager-alarms =
    { $count ->
        [one] One thing needs you now
       *[other] { $count } things need you now
    }
manager-alarms-more =
    { $count ->
        [one] And one more.
       *[other] And { $count } more.
    }
manager-alarm-expired = { $centre }: batch { $batch } expired on { $day }. Put it away and stop it.
manager-alarm-no-batch = { $centre }: no batch of { $vaccine } that may be given. Add one.
manager-alarm-no-hands = { $centre }: nobody is on the roster today. Choose vaccinators.

## Centres

manager-centre-add = Add a centre
manager-centre-edit = Change this centre
manager-centre-save = Save this centre
manager-centre-work = Work at this centre
manager-centre-search = Find a centre
manager-centre-search-hint = Name, block, district, PIN code or number
manager-centres-empty = No centre fits this search
manager-centre-taken = Another centre has this number. Choose a number that is free.
manager-centre-number-hint = Up to 8 digits. It stays for ever.
manager-centre-name-hint = As on the door.
manager-latitude = Latitude
manager-latitude-hint = Degrees north, for example 18.5308
manager-longitude = Longitude
manager-longitude-hint = Degrees east, for example 73.8475

## Staff

manager-login = Log-in name
manager-login-hint = 3 to 40 small letters, digits, dots and hyphens, for example asha.more
manager-login-taken = Somebody has this log-in name. Choose another.
manager-role = Role
manager-staff-code = Code that people see in their record
manager-staff-add = Add a member of staff
manager-staff-change = Change role or centre
manager-staff-save = Save the change
manager-staff-centre-hint = As in the list of centres. Leave it empty for somebody who works at no one centre.
manager-staff-search = Find a member of staff
manager-staff-search-hint = Name or log-in name
manager-staff-empty = Nobody fits this search
manager-staff-active = Works here
manager-staff-left = Has left
manager-staff-access = Access
manager-staff-access-hint = Each of these signs the person out at once, wherever they are.
manager-staff-reset = Make new credentials
manager-staff-leave = Leaves at once
manager-staff-return = Works here again
manager-staff-yourself = This is you. Another manager changes your role, your credentials and your leaving.
manager-reset-title = New credentials for { $name }?
manager-reset-text = The old password and the old authenticator stop working at once. The new ones are shown to you once, to hand over in person.
manager-leave-title = Does { $name } leave at once?
manager-leave-text = The person is signed out at once, comes off every roster, and cannot sign in again. What they recorded stays.
manager-password = Password
manager-secret = Secret for the authenticator
manager-secret-qr = QR code for the authenticator
manager-secret-hint = Scan it with an authenticator app, or type the secret there.
manager-secret-address = As an address (otpauth)
manager-credentials-title = New credentials
manager-credentials-once = This is shown once. Write it down or hand it over now; nobody can show it again.
manager-credentials-done = I have handed it over

## Batches

manager-batches-choose = Choose a centre to see its batches.
manager-batches-title = Batches at { $centre }
manager-batches-here = Batches here
manager-batches-empty = No batch here yet
manager-batches-empty-hint = Doses can be given only from a batch that stands here.
manager-batch-add = Add a batch
manager-batch-number = Batch number
manager-batch-number-hint = As on the vial, for example 4121Z025
manager-expires = Last day of use
manager-expires-hint = For example 31 3 2027
manager-doses = Doses received
manager-doses-left = Doses left
manager-batch-stop = Stop this batch
manager-batch-good = May be given
manager-batch-expired = Expired
manager-batch-stopped = Stopped
manager-batch-used-up = Used up
manager-batch-stopped-done = The batch is stopped at every centre. No dose of it can be recorded from now on.
manager-stop-title = Stop batch { $number }?
manager-stop-text = No dose of this batch can be given anywhere, from this moment. This cannot be taken back.
manager-stop-centres = Centres that have it

## Sessions

manager-sessions-choose = Choose a centre to see its sessions.
manager-sessions-title = Sessions at { $centre }
manager-week-before = Week before
manager-week-after = Week after
manager-week-empty = No sessions { $week }
manager-session-title = { $vaccine }, { $day }
manager-roster = Who works here
manager-roster-question = Vaccinators at this session
manager-roster-save = Save the roster
manager-roster-saved = The roster is saved.
manager-roster-empty = This centre has no vaccinators yet
manager-call-off = Call this session off
manager-call-off-hint = You see first how many people it touches and what they will be told.
manager-call-off-title = Call off { $centre }, { $day }?
manager-call-off-people =
    { $count ->
        [0] Nobody is booked, so nobody needs to be told.
        [one] One person is booked and will be told by message.
       *[other] { $count } people are booked and will be told by message.
    }
manager-call-off-there =
    { $count ->
        [one] One person is already here and can still be vaccinated.
       *[other] { $count } people are already here and can still be vaccinated.
    }
manager-call-off-told = What they will be told
manager-call-off-after = Their places are given back, and each of them can choose another session.
manager-call-off-button = Call it off and tell them
manager-called-off-done = The session is called off. Everyone who was booked is being told.

## Planning

manager-plan-title = Plan sessions
manager-plan-choose = Choose the centre to plan for.
manager-plan-days = Days
manager-plan-first = First day
manager-plan-last = Repeat until
manager-plan-last-hint = Leave it empty for one day only.
manager-plan-weekdays = On these weekdays
manager-plan-opens = First slot begins
manager-plan-closes = Last slot ends
manager-plan-minutes = Length of a slot
manager-plan-minutes-hint = People choose a slot when they book.
manager-plan-pause-from = Pause from
manager-plan-pause-to = Pause to
manager-walk-in-hint = Places kept for people who come without a booking.
manager-plan-whom = For whom, for how much
manager-min-age = Youngest age
manager-max-age = Oldest age
manager-max-age-hint = Leave it empty for no limit.
manager-plan-fee = Fee for a dose, in rupees
manager-plan-fee-hint = 0 is free.
manager-plan-preview = See what will be published
manager-preview-title = Check before you publish
manager-preview-lead =
    { $count ->
        [one] One session at { $centre }. Nothing is published yet.
       *[other] { $count } sessions at { $centre }. Nothing is published yet.
    }
manager-preview-days =
    { $count ->
        [one] One day
       *[other] { $count } days
    }
manager-plan-taken = This vaccine has a session here already
manager-plan-new = New
manager-plan-publish =
    { $count ->
        [one] Publish this session
       *[other] Publish these { $count } sessions
    }
manager-plan-change = Change the plan
manager-plan-done =
    { $count ->
        [0] These sessions were published already
        [one] One session is published
       *[other] { $count } sessions are published
    }
manager-plan-nothing = The same form came twice; nothing was changed.
manager-plan-next = What happens next
manager-plan-next-hint = People can book from now on. Put vaccinators on the roster of each session.
manager-plan-see = See these sessions
manager-plan-another = Plan for another centre
manager-plan-again = This plan was published before with other values. Fill the form again for another plan.
manager-plan-vaccine-missing = Choose a vaccine.
manager-plan-first-range = Choose a first day from { $from } to { $to }.
manager-plan-last-range = Choose a last day from { $from } to { $to }.
manager-plan-no-day = None of these weekdays falls between the two days. Tick another, or change the days.
manager-plan-minutes-range = Enter a length from 10 to 480 minutes.
manager-plan-no-slot = No slot fits between beginning and end. Choose a later end or shorter slots.
manager-plan-many-slots = This makes more than 24 slots. Choose longer ones.
manager-plan-fee-range = Enter the fee in rupees, for example 780 or 780.50.

## Counts

manager-counts-title = Counts by centre and day
manager-counts-table = Doses by day and centre
manager-counts-all = All doses with proof
manager-unattested = Without the person’s proof
manager-counts-empty = No doses in these days
manager-counts-empty-hint = Choose other days or another centre below.
manager-counts-choose = Other days, or one centre
manager-counts-from = From
manager-counts-to = To
manager-counts-centre-hint = Leave it empty for all centres.
manager-counts-show = Show these counts
manager-counts-download = Save as a table (CSV)
manager-counts-order = The first day comes after the last. Choose an earlier one.
manager-counts-long = Choose at most one year at a time.
manager-figures-title = What the figures mean
manager-figures-lead = Every figure counts doses, places or bookings. None of them shows a person.
manager-means-running = Sessions of today that were not called off, between the begin of their first slot and the end of their last.
manager-means-given = Doses recorded on the day at which the person showed by code, message or card that they were there. A dose that was corrected counts once.
manager-means-dose1 = Doses with the person’s proof that were the first of their course.
manager-means-dose2 = Doses with the person’s proof that were the second of their course.
manager-means-dose3 = Doses with the person’s proof that came third: precaution doses, and the third of a course of three.
manager-means-unattested = Doses that were recorded without a code, message or card of the person. They certify nothing until the person confirms them, and are in no other figure.
manager-means-no-shows = Bookings of today whose slot has ended and whose person was not checked in. Someone who comes late is taken out again.
manager-means-left = Places for bookings and for people without a booking that are free in sessions of today that are not over.

## Import

manager-import-title = Import tables
manager-import-lead = Send a table, look at what it would change, then confirm. Nothing is done while one row is wrong, and the same file twice changes nothing.
manager-import-kinds = Tables, in the order in which they build on each other
manager-import-what = Table
manager-import-template = Template
manager-import-centres = Import centres
manager-import-staff = Import staff
manager-import-sessions = Import sessions
manager-import-rosters = Import rosters
manager-import-batches = Import batches
manager-import-file = Table (CSV)
manager-import-file-hint = Saved as CSV in UTF-8, cells parted by commas, at most 1 MB and { $rows } rows.
manager-import-look = Look at what would change
manager-import-columns = Columns of this table
manager-import-may = may be left out
manager-import-preview = Check before it is done
manager-import-result = Rows of this table
manager-import-rows = Rows
manager-import-count = How many
manager-import-added = New
manager-import-changed = Changed
manager-import-unchanged = As they stand already
manager-import-bad = Wrong
manager-import-not-yet = Nothing is done yet. Confirm at the end of this page.
manager-import-nothing = Everything in this table stands already. There is nothing to do.
manager-import-bad-rows =
    { $count ->
        [one] One row is wrong. Nothing was done.
       *[other] { $count } rows are wrong. Nothing was done.
    }
manager-import-problems = What to correct
manager-import-row = Line { $line }, column { $column }: { $what }
manager-import-more =
    { $count ->
        [one] And one more row.
       *[other] And { $count } more rows.
    }
manager-import-again = The corrected table (CSV)
manager-import-do =
    { $count ->
        [one] Carry out this change
       *[other] Carry out these { $count } changes
    }
manager-import-done =
    { $count ->
        [one] One change is carried out
       *[other] { $count } changes are carried out
    }
manager-import-another = Import another table
manager-import-staff-hint = New staff get their credentials on the next page. They are shown once; have a safe place for them.
manager-import-many-staff = At most { $most } new members of staff in one file. Divide it.
manager-import-credentials = These credentials are shown once. Save them now and hand each to its person alone.
manager-import-save = Save the credentials (CSV)
manager-file-empty = There are no rows in this file. Choose a CSV file with a header and at least one row.
manager-file-large = This file is larger than 1 MB. Divide it into smaller ones.
manager-file-not-text = This file is not text in UTF-8. Save the table as CSV UTF-8 and send that file.
manager-file-rows = This file has more than { $most } rows. Divide it into smaller ones.
manager-file-commas = The cells of this file are not parted by commas. Save it with commas, as the template is.
manager-file-missing = These columns are missing: { $names }. Add them as in the template.
manager-file-unknown = These columns are not known or stand there twice: { $names }. Take them out or correct their names.

## What is wrong with a value

manager-wrong-empty = Nothing stands here. Fill it in.
manager-wrong-long = This is too long. Use at most { $most } letters.
manager-wrong-unseen = A line break or another unseen character stands here. Write it in one line and check the quotation marks.
manager-wrong-number = Enter a number from { $from } to { $to }.
manager-wrong-date = This is no date. Write it as 2026-12-01 or 01-12-2026.
manager-wrong-time = This is no time of day. Write it as 09:00 or 02:30PM.
manager-wrong-closes = It closes before it opens. Choose a later time.
manager-wrong-pincode = Enter a PIN code of 6 digits.
manager-wrong-vaccine = This vaccine is not known. Use one of: { $names }.
manager-wrong-role = This role is not known. Use one of: { $roles }.
manager-wrong-login = Use 3 to 40 small letters, digits, dots, hyphens and underscores.
manager-wrong-name = Enter a name of letters, without digits or signs.
manager-wrong-slots = Write slots as 09:00AM-11:00AM, parted by spaces, in their order and without overlap.
manager-wrong-uuid = This is no session id. Copy it whole, or leave the cell empty.
manager-wrong-batch = Write the batch number as on the vial: 2 to 20 letters, digits, hyphens, dots and slashes.
manager-wrong-no-places = All places are 0. Give at least one place.
manager-wrong-width = This row has { $cells } cells, and the header has { $columns }. Check the commas and quotation marks.
manager-wrong-twice = Line { $line } is about the same thing. Keep one of the two.
manager-wrong-no-district = There is no district with this number. Use the number of the district as in CoWIN.
manager-wrong-no-centre = There is no centre with this number. Add the centre first, or correct the number.
manager-wrong-no-staff = Nobody has this log-in name. Add the person first, or correct the name.
manager-wrong-not-vaccinator = This person is not a vaccinator. Choose a vaccinator, or change the role first.
manager-wrong-left = This person has left. Open the person’s page first if they work here again.
manager-wrong-other-name = This log-in name belongs to { $name }. Use another, or correct the name.
manager-wrong-yourself = This row changes your own role or centre. Another manager does that; take it out.
manager-wrong-no-session = There is no session of this vaccine at this centre on this day. Plan it first, or correct the row.
manager-wrong-many-sessions = There are several such sessions on this day. Say which by its id.
manager-wrong-past = This day is over. Choose today or a later day.
manager-wrong-called-off = This session was called off. Give the new one an id of its own.
manager-wrong-differs = This session is published with other slots, another fee or age. Call it off first, or write what is published.
manager-wrong-taken =
    { $taken ->
        [one] One of these places is taken. Enter at least that many.
       *[other] { $taken } of these places are taken. Enter at least that many.
    }
manager-wrong-fewer =
    { $given ->
        [one] One dose of it was given here. Enter at least that many.
       *[other] { $given } doses of it were given here. Enter at least that many.
    }
