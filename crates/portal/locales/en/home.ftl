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
centre-address = { $address }, PIN { $pin }
places-left =
    { $count ->
        [one] Dose { $dose }: { $count } place left
       *[other] Dose { $dose }: { $count } places left
    }
places-none = No places left
ages-from = { $from } years and over
ages-between = { $from } to { $to } years
vaccine-covishield = Covishield
vaccine-covaxin = Covaxin
vaccine-sputnik-v = Sputnik V
vaccine-corbevax = Corbevax
vaccine-covovax = Covovax
vaccine-zycov-d = ZyCoV-D
