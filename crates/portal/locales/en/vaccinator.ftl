### The words of this area; each key stands in both languages.

## Today and the list

work-no-sessions = You have no session today
work-no-sessions-help = If you should have one, ask your manager to put you on its roster.
work-expected = { $count } expected
work-here = { $count } here now
work-done = { $count } vaccinated
work-list-title = Session
work-check-in = Check in
work-walk-in = Register a walk-in
work-waiting-count =
    { $count ->
        [0] Nobody waits after a dose
        [one] One person waits after a dose
       *[other] { $count } people wait after a dose
    }
work-close = Close the session
work-list-here = Here now
work-list-expected = Expected
work-list-done = Vaccinated
work-list-show-done = Show who was vaccinated
work-list-empty = Nobody has booked yet
work-list-empty-help = People without a booking can be registered as walk-ins.
work-row = …{ $four } · dose { $dose } · { $window }
work-state-here = Here now
work-state-done = Vaccinated
work-state-expected = Expected
work-batches =
    { $count ->
        [one] One batch at hand
       *[other] { $count } batches at hand
    }
work-batch-hint =
    { $left ->
        [one] use by { $date }, one dose left
       *[other] use by { $date }, { $left } doses left
    }
work-no-batch = No batch can be used: each one here is expired, stopped or used up. Ask your manager before you go on.
work-close-here = Here, without a dose
work-close-missed = Booked, did not come
work-close-waiting = Still under observation
work-close-open =
    { $count ->
        [one] One person is still under observation. Stay until the time is over.
       *[other] { $count } people are still under observation. Stay until the time is over.
    }
work-close-undone =
    { $count ->
        [one] One person was checked in and has no dose. Record it, or tell them when to come again.
       *[other] { $count } people were checked in and have no dose. Record it, or tell them when to come again.
    }
work-close-ready = Everything is done. You can leave.
work-close-missed-help = People who did not come keep their record and can book another day.

## Check-in

work-reference = Reference
work-reference-hint = 14 digits, on the slip or card. You can scan its code.
work-reference-missing = Enter the 14 digits of the reference from the slip or card.
work-reference-mistyped = One digit of the reference is mistyped. Compare it with the slip or card.
work-code = Four-digit code
work-code-hint = It is on the slip.
work-code-missing = Enter the four-digit code from the slip. Without it, send a code to the phone or use the card.
work-card = Card number
work-card-hint = The 8 digits on the card that was printed at registration.
work-card-missing = Enter the 8 digits of the card.
work-with-card = With a printed card
work-send = Send a code to their phone
work-sent = A code is on its way to their phone. Ask them to read it to you. It is valid for 3 minutes.
work-otp = Code from their phone
work-otp-hint = 6 digits, sometimes 8.
work-otp-missing = Enter the code that they read from their phone.
work-other-way = Use another way, or send a new code
work-wrong-code =
    { $left ->
        [0] This code is not right, and there are no more tries with it. Send a code to their phone, or use the card.
        [one] This code is not right. One more try. You can also send a code to their phone, or use the card.
       *[other] This code is not right. { $left } more tries. You can also send a code to their phone, or use the card.
    }
work-wrong-card =
    { $left ->
        [0] This card number is not right, and there are no more tries with it. Use the code of the slip, or send a code to their phone.
        [one] This card number is not right. One more try. You can also use the code of the slip, or send a code to their phone.
       *[other] This card number is not right. { $left } more tries. You can also use the code of the slip, or send a code to their phone.
    }
work-wrong-otp =
    { $left ->
        [0] This code is not right, and there are no more tries with it. Send a new one, or use the slip or card.
        [one] This code is not right. One more try. You can also send a new one, or use the slip or card.
       *[other] This code is not right. { $left } more tries. You can also send a new one, or use the slip or card.
    }
work-not-here = No booking of today’s session fits this. Check the digits. Without a booking people can come with their card, or with a code sent to their phone.
work-not-known = This does not fit. Check the digits, or try another way. Without any of them the person can be registered as a walk-in.
work-walk-in-full = No walk-in place is left in this session. Another session can be booked, here or by phone.
work-booked-elsewhere = This dose is booked at another session. They can go there, or change the booking to this session first.
work-otp-gone = This code is no longer valid. Send a new one, or use the slip or card.
work-all-given = Every dose there is was given already. If the person asks for something else, choose “Here for something else” on the session’s list.
work-no-phone = No code can be sent for this. Check the reference, or use the code of the slip or the card.
work-send-later = Too many codes were sent. A new one can be sent at { $time }. Until then use the code of the slip or the card.

## The person

work-person-title = Compare and vaccinate
work-gender =
    { $gender ->
        [1] Male
        [2] Female
       *[other] Other
    }
work-age-gender =
    { $gender ->
        [1] { $age } years, male
        [2] { $age } years, female
       *[other] { $age } years, other
    }
work-id-label = Identity document
work-id-kind =
    { $kind ->
        [1] Aadhaar card
        [2] Driving licence
        [3] Health insurance smart card
        [4] MNREGA job card
        [5] Official identity card (MP, MLA, MLC)
        [6] PAN card
        [7] Passbook (bank or post office)
        [8] Passport
        [9] Pension document
        [10] Service identity card
        [11] NPR smart card
        [12] Voter ID
       *[other] Another document
    }
work-id = { $kind }, ends in { $four }
work-id-none = None given. Ask for name and year of birth.
work-reference-label = Reference
work-ends = ends in { $four }
work-reference-ends = Reference ending in { $four }
work-past = Dose { $dose }: { $vaccine }, { $date }
work-past-none = No earlier dose
work-dose = Dose { $dose }: { $vaccine }
work-screening = Ask. Tick each yes.
work-screening-hint = The answers are kept sealed.
work-ask-fever = Fever or ill today
work-ask-allergy = Severe allergy after an earlier dose
work-ask-pregnant = Pregnant
work-ask-bleeding = Bleeding disorder, or takes blood thinners
work-ask-covid = COVID-19 in the last 3 months
work-screening-none = No to all
work-screening-missing = Ask the health questions, then tick each yes or “No to all”.
work-screening-both = Untick “No to all”, or the other answers.
work-yes-fever = Ill today: ask them to come again when they are well. If the doctor decides to go on, write that below.
work-yes-allergy = Severe allergy after an earlier dose: do not give this vaccine. Send them to the medical officer.
work-yes-pregnant = Pregnant: she may be vaccinated once she has been told about it and agrees. Write that below.
work-yes-bleeding = Bleeding: use a fine needle, and press on the spot for five minutes without rubbing. Write below what was decided.
work-yes-covid = COVID-19 lately: ask them to come three months after they got well. If the doctor decides to go on, write that below.
work-why = What was decided
work-why-hint = In a few words, with who decided. It is kept sealed.
work-why-missing = Write what was decided, and who decided it.
work-early = Too early: this dose is due on { $date }. Give it before only if there is a reason.
work-early-why = Why before its day
work-early-travel = Travel abroad
work-early-doctor = A doctor asked for it in writing
work-early-order = A special programme allows it
work-early-missing = Choose why the dose is given before its day, or ask them to come again.
work-batch = Batch in your hand
work-batch-missing = Choose the batch that you have in your hand.
work-give = Give dose
work-stop-help = No dose can be recorded in this session.

## After the dose

work-done-title = Dose recorded
work-done-about = Dose { $dose }: { $vaccine }, batch { $batch }
work-observe-until = Observe until { $time }
work-observed = The observation has ended.
work-next = Next person
work-certificate = Print the certificate
work-unattested = No code or card was shown for this dose, so it has no certificate yet. The person can confirm it after signing in.
work-correct = The batch is wrong
work-correct-now = Recorded: batch { $batch }.
work-correct-help = The earlier entry is kept, and a certificate that names it no longer stands.
work-correct-do = Put it right
work-correct-none = No other batch is at hand in this session.
work-corrected = The batch was put right.
work-waiting-title = Observation
work-waiting-none = Nobody waits
work-waiting-none-help = Everyone who got a dose here waits for 30 minutes and then stands on this page.
work-as-of = As of { $time }
work-waited = Time is over
work-minutes =
    { $minutes ->
        [one] One minute left
       *[other] { $minutes } minutes left
    }
work-left-well = Left well
work-left-early = Left before the time

## Adverse events

work-aefi = Report a problem after the dose
work-aefi-help = Trouble breathing, swelling of the face, or fainting: lay them down, give adrenaline as the protocol says, call 108. Report afterwards.
work-signs = What happened
work-sign-breathing = Trouble breathing, or a swollen face
work-sign-faint = Faint or dizzy
work-sign-rash = Rash or itching
work-sign-fever = Fever
work-sign-site = Pain or swelling at the spot
work-sign-other = Something else
work-signs-missing = Tick what happened.
work-gravity = How grave is it
work-grave-minor = Minor: it passes by itself
work-grave-severe = Severe: it needs treatment here
work-grave-serious = Serious: hospital, or danger to life
work-gravity-missing = Choose how grave it is.
work-aefi-words = More about it
work-aefi-words-hint = When it began, what was done, where they were sent.
work-aefi-words-missing = Write what happened.
work-aefi-do = Send report
work-aefi-kept = The report was kept, sealed. The medical officer follows it up.

## Walk-in

work-name = Name
work-name-hint = As on the document, in any script.
work-name-missing = Enter the name, in letters.
work-year = Year of birth
work-year-hint = If it is not known, the year that fits the age.
work-year-missing = Enter the year with four digits, for example 1961.
work-year-age = This session is for another age: { $ages }. There are sessions for other ages.
work-gender-label = Gender
work-gender-missing = Choose a gender.
work-id-kind-label = Identity document
work-id-kind-missing = Choose the kind of document that this number is from.
work-id-number = Number of the document
work-id-number-hint = Only its last four characters are kept.
work-id-number-mistyped = One digit of this number is mistyped. Compare it with the document.
work-id-number-wrong = Enter the number of the document, or leave both fields empty.
work-phone = Mobile number
work-phone-hint = Whoever holds this phone will be asked to confirm.
work-phone-wrong = Enter a mobile number of ten digits, or leave it empty.
work-register = Register and check in
work-card-title = Registered
work-card-help = Print this card, or write both numbers down. The card number is shown only now; with it the person can come again without a phone.
work-card-print = Print the card
work-go-on = Go on to the dose
work-walk-in-later = Registered, but no walk-in place is left in this session. The card is good at another one.
