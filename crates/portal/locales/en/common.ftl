### What stands on every page: the shell, the components, dates and figures.

language-name = English
brand = Teeka
brand-devanagari = टीका
page-title = { $title } – { brand }
page-title-error = Error: { $title } – { brand }
skip-to-content = Skip to the main content
language-switch = Language
navigation = Main menu
footer-navigation = About this service

## Navigation by role

nav-find = Find a session
nav-verify = Verify
nav-sign-in = Sign in
nav-family = My family
nav-looks = Who looked
nav-sessions-today = Today’s sessions
nav-today = Today
nav-centres = Centres
nav-sessions = Sessions
nav-staff = Staff
nav-batches = Batches
nav-import = Import
nav-sign-out = Sign out
footer-privacy = How we protect your data
footer-accessibility = Accessibility
footer-verify = Verify a certificate
footer-help = Help
footer-status = Service status
footer-note = Only you, and people who need it for your vaccination, can open your details. Every look is recorded, and you can read the record.

## Time-out

timeout-title = You will be signed out soon
timeout-text = For your safety we sign you out after a while. You will be signed out in { $time }.
timeout-over = You have been signed out. What you typed is still on this page; copy it before you leave.
timeout-stay = Stay signed in
timeout-sign-out = Sign out now

## Forms

back = Back
continue = Continue
change = Change
change-what = Change { $what }
error-prefix = Error:
error-summary-title = There is a problem
optional = { $label } (optional)
date-day = Day
date-month = Month
date-year = Year
date-missing = Enter the date as day, month and year.
date-incomplete = Enter a day, a month and a year, for example 23 11 2026.
date-impossible = This date does not exist. Check the day and the month.
choose-one = Choose one
progress-step = Step { $step } of { $steps }
scan-start = Scan with the camera
scan-stop = Stop the camera
scan-looking = Hold the code in front of the camera.
scan-found = The code was read.
scan-refused = The camera could not be used. Type the number instead.
near-me = Use my location
near-me-hint = Your position is rounded to about one kilometre and is not kept.
near-me-waiting = Finding your position …
near-me-refused = Your position could not be found. Search by PIN code or district instead.
masked-hint = Hidden for privacy. If you show it, that look is recorded.
masked-show = Show
masked-show-what = Show { $what }
look-recorded = This look is recorded

## Components

banner-info = Important
banner-good = Done
banner-warn = Take care
banner-bad = Stop
previous = Previous
next = Next
page-of = Page { $page } of { $pages }
pagination = Pages
timer-left = { $minutes } min { $seconds } s left
timer-over = The time is over

## Dates, times and figures

weekday =
    { $weekday ->
        [1] Mon
        [2] Tue
        [3] Wed
        [4] Thu
        [5] Fri
        [6] Sat
       *[other] Sun
    }
month =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[other] Dec
    }
date = { weekday } { $day } { month } { $year }
day = { weekday } { $day } { month }
time =
    { $part ->
        [small-hours] { $clock } am
        [morning] { $clock } am
       *[other] { $clock } pm
    }
time-span = { $from } to { $to }
date-time = { $date }, { $time }
free = Free
distance-metres = { $metres } m
distance-kilometres = { $kilometres } km

failure-title = This did not work
failure-home = Go to the first page
failure-input = Something in the form is missing or not as it should be. Please go back and check.
failure-signed-out = You are not signed in, or your time has run out. Please sign in again.
failure-forbidden = This page is not for your role.
failure-not-found = We cannot find this page.
failure-too-large = That file is too large.
failure-unavailable = Teeka cannot do this just now. Nothing was changed. Please try again in a moment.
failure-age = This session is for another age group.
failure-earlier-dose = The dose before this one comes first.
failure-already-given = This dose was recorded already.
failure-other-vaccine = The next dose must be the same vaccine as the last one.
failure-too-early = It is too early for this dose. Please choose a later day.
failure-full = This session is full. Please choose another day or centre.
failure-slot = This time does not exist any more. Please choose another.
failure-called-off = This session does not take place. Please choose another.
failure-already-booked = There is an appointment for this dose already. You can change it under My family.
failure-family-full = One number can have four people. Please use another number for more.
failure-has-doses = A person with a recorded dose cannot be removed here.
failure-batch = This batch cannot be used: it is expired, stopped, used up, or not at this centre.
failure-over-budget = Too many codes were asked for. Please wait before asking for another.
failure-code-gone = This code is no longer valid. Please ask for a new one.
failure-code-wrong = That was not right. Please check and try again.
failure-conflict = This changed in the meantime. Please look again.
