### The page of one node, for those who run it.

node-title = This node
node-lead = How the service stands at this moment. Nothing here is about a person.
node-well = Every part can do its work.
node-unwell = { $count ->
    [one] One part cannot do its work.
   *[other] { $count } parts cannot do their work.
    } What to do stands in docs/operate.md, under “Ten nights”.
node-parts = Parts
node-part = Part
node-state = State
node-help = If it is not ready
node-ready = ready
node-not-ready = out of order
node-nights = Night { $nights }
node-store = Store
node-key-room = Key room
node-log-folder = Folder of the log
node-witnesses = Witnesses
node-clock = Clock
node-watch = If witnesses stay away
node-seen = Enough of them cosigned last
node-others = Looks by staff and partners go on until
node-own = People’s looks at their own data go on until
node-bookings = Bookings
node-go-on = go on
node-unasked = always: no witness is asked
node-over = over
node-log = The log
node-entries = Entries committed
node-published = Entries published
node-keys = Keys released
node-released = { $released } of { $asked } that entries ask for
node-law-holds = as it must be
node-law-wastes = more than one in a hundred was not fetched in the last hour
node-law-broken = more than was asked for: night 10
node-law-unknown = not summed up yet
node-work = Its work
node-leads = Publishes, sends and sweeps
node-leads-yes = this node, for all
node-leads-no = another node
node-notices = Notices that wait
node-free = Free on the disk, gigabytes
node-unknown = not known just now
node-again = Look again
node-figures = Figures for Prometheus
