### Leaving, downloading, moving, and the notice; each key stands in both languages.

sms-code-leaving = { $code } erases a member of your family from Teeka for good. Tell it to nobody. It will be valid for 3 minutes. - CoWIN
sms-code-download = Your OTP to download all data of a member of your family is { $code }. Tell it to nobody. It will be valid for 3 minutes. - CoWIN
sms-code-move-away = { $code } moves a member of your family to another phone. Tell it to nobody. It will be valid for 3 minutes. - CoWIN
sms-code-move-here = { $code } brings somebody to the family of this phone. Tell it only to whom you want in your family. It will be valid for 3 minutes. - CoWIN
sms-moving = A member of this phone's family will move to another phone. If that is wrong, sign in before { $until } and stop it under My data, or ask at any centre.

member-number = Person { $place } of your family
member-take-along = Download everything kept about this person
member-move = Move to another phone
member-leave = Leave Teeka
my-data-moves = Moves to another phone

fresh-code-hint = We sent it to the phone ending { $last }. It is valid for 3 minutes.
fresh-code-form = Enter the { $digits } digits of the code from the message.
fresh-code-wrong = This is not the code from the message. { $left ->
    [one] You have { $left } more try.
   *[other] You have { $left } more tries.
  }
fresh-code-gone = This code is no longer valid. Go back and ask for a new one.

leave-title = Leave Teeka: { $name }
leave-lead = The keys to this person's data are destroyed at once. Nobody can bring the data back, and we cannot either.
leave-goes = What goes at once
leave-goes-fields = The reference, the document's last digits, health answers, reports and codes: destroyed.
leave-goes-phone = The link to this phone, to the document and to the card: nobody finds this person any more.
leave-goes-bookings = Every appointment: the place goes to somebody else.
leave-stays = What stays
leave-held-fields = Name, year of birth, gender and phone stay closed for one year, because the law asks for it. Nobody can open them but two officers together, each once, with a lawful order about you that names your reference; that is recorded. After a year they are destroyed.
leave-doses = The doses stay as numbers: place, day, vaccine, batch, age and gender, without a name.
leave-certificate = A certificate that you saved stays genuine, and whoever checks it sees so. We cannot make it again.
leave-certificate-save = Save the certificate first
leave-log = The log of looks stays, and from now on nobody can read these entries. For a year a lawful order can.
leave-send = Send me the code for leaving
leave-code = Enter the 8-digit code
leave-go = Erase for good
leave-final = With this button it is done. It cannot be taken back.
leave-done = The data is erased
leave-done-text = The keys are destroyed. Thank you for having been with us.

download-title = Download everything
download-text = The file is for your computer (JSON). It has:
download-fields = every field that is kept, as it is kept
download-doses = doses, and the newest certificate's number
download-bookings = appointments
download-permissions = permissions you gave, as they were signed
download-looks = who looked, with the proofs
download-careful = Whoever has the file has the data. Save it only where nobody else reads. The download stands in the list of looks.
download-send = Send me a code
download-back = Not now
download-code = Enter the 6-digit code
download-go = Download

move-title = Move to another phone
move-who = { $name } moves to the family of another phone.
move-text = You need both phones: each gets a code. After both codes there is one day in which either phone can stop it.
move-phone = The new mobile number
move-phone-hint = Ten digits. We send a code to it now.
move-send = Send a code to the new phone
move-same = This person is at this phone already. Enter another number.
move-here = Enter the code that the new phone got
move-away = Enter the code that this phone got
move-go = Move in one day
move-day = This phone gets a message about it, and for one day either phone can stop it.
move-started = The move is noted
move-started-text = It happens on { $when }. Until then either phone can stop it.
move-under-way = A move of this person is under way already. Stop it first, under My data.
move-late = Too much time has passed, or the number is this phone's own. Go back and begin again.
moves-title = Moves to another phone
moves-none = Nobody is moving
moves-none-text = A move begins at a person's page, under More.
moves-leaves = Person { $place } of your family moves to another phone on { $when }.
moves-comes = Somebody comes to this phone's family on { $when }.
moves-stop = Stop this move

notice-link = What we keep, and why
notice-link-version = What we keep, and why (notice of { $version })
notice-title = What we keep, and why
notice-lead = Before you register: this is everything we ask for. We use it for vaccination and for nothing else. Each thing is locked by itself, and each time somebody opens one it is written down where you can read it.
notice-why = Why
notice-long = How long
notice-who = Who sees it
notice-name = Name
notice-name-why = So that the vaccinator greets the right person, and for your certificate.
notice-born = Year of birth and gender
notice-born-why = To know which vaccine and which dose are right for you, and for your certificate.
notice-phone = Mobile number
notice-phone-why = To sign in, and for messages about your appointment.
notice-document = Kind of identity document and its last four characters
notice-document-why = For your certificate. The whole number is never kept; a mark made from it shows when somebody is registered twice.
notice-condition = Whether you have a condition that gives priority
notice-condition-why = To offer you a place earlier.
notice-reference = Your reference
notice-reference-why = So that you are found at a centre when you show it.
notice-health = Health answers before a dose, and reports after it
notice-health-why = For your safety at the session and afterwards.
notice-doses = Appointments and doses
notice-doses-why = To give the next dose in time, to recall a batch, and to count.
notice-looks = Who opened your data, when and what for
notice-looks-why = So that you can see it, and nobody can hide it.
notice-long-held = Until you leave. If you had a dose, the law has it locked away for one more year.
notice-long-leave = Until you leave.
notice-long-number = Until you leave; then only as a number, without your name.
notice-long-log = For good, as a locked entry. When you leave, nobody can open it any more; for one year a lawful order can.
notice-who-session = You; and the vaccinator at your session, from your check-in to that midnight.
notice-who-nobody = You. Staff do not see it; messages go out without anybody reading the number.
notice-who-you = You.
notice-rights = What you can ask for
notice-withdraw = Leave at any time: sign in, My data, Leave Teeka. It is as easy as registering.
notice-correct = Have something corrected: sign in, open “Our data” and choose “Something is wrong or missing”; or ask at any vaccination centre, with your slip or card.
notice-take = Take everything along: sign in, My data, Download.
notice-complain = Complain: at any vaccination centre, and to the Data Protection Board of India.
notice-version = Notice of { $version }
