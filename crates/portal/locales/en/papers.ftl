### The words on paper: slip, certificate, card. Each sheet shows both languages side by side.

paper-masthead = Teeka · National vaccination platform
paper-footer = Every look at your data is recorded; read the record under “Who looked”. Nobody from Teeka will ever ask you for a code by phone.

paper-name = Name
paper-birth-year = Year of birth
paper-gender = Gender
paper-male = Male
paper-female = Female
paper-other = Other
paper-id = Identity document
paper-reference = Beneficiary reference
paper-reference-ends = Reference ends in
paper-reference-code = QR code with the beneficiary reference
paper-beneficiary = Beneficiary
paper-vaccine = Vaccine
paper-centre = Vaccination centre
paper-address = Address
paper-fee = Fee

paper-slip-title = Appointment slip
paper-slip-number = Appointment { $number }
paper-appointment = Your appointment
paper-day = Day
paper-slot = Time
paper-dose = Dose
paper-code = Four-digit code
paper-slip-caption = Show this code at the session, then say your four-digit code. Bring the identity document you registered with, if you gave one.
paper-slip-note = The four-digit code shows that you are there. Tell it to the vaccinator at the centre and to nobody else.

paper-certificate-title = Vaccination certificate
paper-certificate-number = Certificate { $number }, version { $version }
paper-doses = Doses given
paper-dose-of = Dose { $number } of { $total }
paper-dose-day = Date
paper-batch = Batch number
paper-manufacturer = Manufacturer
paper-dose-place = Vaccinated at
paper-vaccinator = Vaccinated by
paper-certificate-code = QR code with the signed certificate
paper-certificate-caption = Anyone can check this certificate without a network: scan this code, or open this PDF, on the verify page of Teeka or with its verifier. The code shows what this sheet shows, and nothing more.
paper-certificate-note = If anything here is wrong, ask for a correction; the corrected certificate replaces this one.
paper-issued = Issued by { $issuer } on { $date }.
paper-attachment = The signed certificate as text

paper-card-title = Your registration
paper-card-heading = Registration card
paper-card-number = Card number
paper-card-code = QR code with the reference and the card number
paper-card-note = Cut along the line and bring the card to every vaccination. It shows that you are there, so you need no phone.
paper-card-keep = Keep the card as you keep a bank card. To see your data by phone, sign in with your number and type the last six digits of the reference.
