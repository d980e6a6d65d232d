### Cases: what she can have put right, and the officers' desk. Each key stands in both languages.

nav-desk = Cases
member-correct = Something is wrong or missing
sms-letter = A letter about your vaccination record waits for you. Sign in, or ask at any centre.

## Kinds and states

case-wrong-name = The name is wrong
case-wrong-birth-year = The year of birth is wrong
case-wrong-gender = The gender is wrong
case-not-mine = I did not get a dose that is recorded
case-missing = A dose that I got is missing
case-aefi = A problem after a dose
case-filed = Waiting for an officer
case-first = With an officer
case-proposed = Waiting for a second officer
case-second = With the second officer
case-settled = Done
case-refused = Not changed
case-withdrawn = Taken back
case-ended = Ended without an answer
case-reason-document = Your document shows it.
case-reason-register = The centre’s register shows it.
case-reason-nothing-against = Nothing speaks against what you wrote.
case-reason-document-differs = Your document shows something else.
case-reason-register-differs = The centre’s register shows something else.
case-reason-unclear = What you wrote was not enough to find it. You can file it again and say more.

## My data

data-title = Data and corrections
data-of = About person { $place } of your family.
data-cases = What you asked for
data-cases-none = Nothing yet
data-cases-none-text = When you ask for something to be put right, you see here what became of it.
data-correct = Put something right
data-correct-text = Two officers look at what you write, and at nothing of your record that the matter does not need. Each look stands in your list of looks.
data-more = More

## One case

case-title = Case { $number }
case-line = { $what } ({ $number })
case-number = Case number
case-about = What it is about
case-state = Where it stands
case-filed-on = Filed on
case-due = Answer by
case-closed-on = Closed on
case-next = Write the number down. You are answered by { $day }. When an officer takes your case, and when it is decided, a message tells you that a letter waits; what it says you read here.
case-looks = Only the officers who have this case can look, and only at what it needs. Their looks stand in your list of looks.
case-said-filed = Your case is filed
case-said-withdrawn = You took the case back. Nobody looks by it any more.
case-said-open = You have asked for this already. Wait for the answer, or take that case back first.
case-withdraw = Take this case back
case-withdraw-title = Take this case back?
case-withdraw-text = Nobody looks by it any more, and nothing is changed. You can file it again later.
case-withdraw-go = Take it back
case-withdraw-keep = Keep it

## Filing a case

file-which-dose = Which dose did you not get?
file-no-dose = No dose is recorded
file-no-dose-text = There is nothing to strike out.
file-this-dose = I did not get this dose
file-name = What is the right name?
file-born = What is the right year of birth?
file-gender = What is the right gender?
file-dose = Which dose is missing?
file-dose-number = Dose { $number }
file-dose-of = { $vaccine }, { $dose }
file-dose-missing = Choose which dose it was.
file-vaccine = Vaccine
file-vaccine-missing = Choose the vaccine.
file-place = Where did you get it?
file-place-hint = The name of the centre, the village or the part of town.
file-place-missing = Write where you got it.
file-place-long = Write where you got it in at most 200 characters.
file-day = When did you get it?
file-day-hint = For example, 3 11 2026. If you are not sure, the day you think it was.
file-day-wrong = Enter a day that was, such as 3 11 2026.
file-words = What should the officers know?
file-words-hint = Optional. What helps them: which document shows it, who was with you, what is on your paper. At most 2,000 characters.
file-words-hint-aefi = What happened, when it began, how you are now. If it is bad, go to a doctor or call 108 first. At most 2,000 characters.
file-words-missing = Write what happened.
file-words-long = Write at most 2,000 characters.
file-words-none = Nothing
file-promise = { $days ->
    [one] You are answered within one day.
   *[other] You are answered within { $days } days.
    }
file-who-sees = What you write is sealed. Only the two officers of this case open it.
file-send = File this case

## The officers' desk

desk-title = Cases
desk-lead = The first to be answered first. Nothing personal is in this list; take a case to look at it.
desk-caption = Open cases
desk-empty = No open cases
desk-empty-text = New ones appear here as they are filed.
desk-yours = Yours
desk-late = Late
desk-take = Take this case
desk-take-text = Whoever has a case can look at what it needs. The person is told at once that a letter waits.
desk-put-back = Give it back
desk-other-officer = You decided this case first. Another officer must look at it now.
desk-look = Look at it
desk-look-text = A look opens what this kind of case allows. It is recorded under your code, where the person sees it.
desk-look-told = The person sees that you looked, and which fields.
desk-look-again = To see what was written, go back and look again: each look is recorded.
desk-back = Back to the case
desk-she-says = What the person says
desk-as-it-stands = What is recorded now
desk-name = Name
desk-doses = Doses on record
desk-dose = Dose
desk-centre = Centre
desk-centre-hint = The centre’s number.
desk-batch = Batch
desk-day = Day
desk-decide = Decide
desk-decision = What do you decide?
desk-decision-missing = Choose what you decide, with its reason.
desk-accept = The person is right: do it
desk-refuse = Leave it as it is
desk-reason-document = The document shows it.
desk-reason-register = The centre’s register shows it.
desk-reason-nothing-against = Nothing speaks against it.
desk-reason-document-differs = The document shows something else.
desk-reason-register-differs = The centre’s register shows something else.
desk-reason-unclear = What was written is not enough to find it.
desk-found = If the register shows the dose, name it. A session and a batch of ours must fit.
desk-found-wrong = No session of that vaccine on that day and no such batch is known at that centre. Check the register, or decide otherwise.
desk-second-follows = A second officer looks at it before anything is changed.
desk-propose = Decide and pass on
desk-first-decided = The first officer decided
desk-why = Why
desk-agree = I decide the same
desk-against = I would not do it
desk-afresh = I would not refuse it: others should look afresh
desk-judge = Decide
desk-said-proposed = Decided. A second officer looks at it now.
desk-said-settled = Done. The person reads it in the record.
desk-said-refused = Left as it was. The person reads why.
desk-said-afresh = Back in the queue, for two others to look at.
desk-said-put-back = Given back.

## Two records

case-duplicate = I am registered twice
case-joining = Waiting for the other record
join-link = Join a case about two records of mine
join-how = Two records are joined only when both are shown to be yours. Sign in with the phone of the other record, open its page “Data and corrections”, choose “Join a case about two records of mine” and enter this case number. If the other record is at this phone too, do it from here.
join-number = What is the number of the case?
join-number-hint = It was shown when the case was filed, for example C-7K2M-90XD.
join-number-missing = Enter the number of the case.
join-number-wrong = This number has a slip in it. Compare it with the one you wrote down.
join-number-none = No case with this number waits to be joined. Check the number, and that you opened the other record.
join-text = Joining says that this record is yours as well. Two officers then look at both; until they agree, nothing changes.
join-go = Join this case
join-said-joined = Joined. Two officers look at both records now.
join-is-into = This record was joined to another one of yours. Its doses, appointments and certificate are found there.
join-is-with = Another record of yours was joined to this one. Its doses are shown here.
join-part = Take the records apart
join-part-title = Take the records apart?
join-part-text = Each record shows its own doses again, and certificates made for both together no longer stand. Doses given since the joining stay in the record they were written to.
join-part-go = Take them apart
join-part-keep = Leave them joined
join-said-parted = The records stand apart again.
desk-other-record = The other record
join-bar = This record was joined to another one of yours: book there.
join-task = Joined to another record of yours
join-task-state = Joined

## In the list of looks

looks-kind-case = Handled
