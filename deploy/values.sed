# The values of one installation, for every file here: sed --file values.sed FILE. These are an example; NODE, REST and POSTGRES
# differ on each machine, and so do ETCD_PEER and ETCD_CLIENT. Passwords: `openssl rand -hex 24`, one for each. Keep this file as a secret.
s|@NODE@|db1|g
s|@POSTGRES@|10.7.0.11:5432|g
s|@REST@|10.7.0.11:8008|g
s|@ETCD_PEER@|10.7.0.11:2380|g
s|@ETCD_CLIENT@|10.7.0.11:2379|g
s|@ETCD_CLUSTER@|db1=http://10.7.0.11:2380,db2=http://10.7.0.12:2380,db3=http://10.7.0.13:2380|g
s|@ETCD_HOSTS@|10.7.0.11:2379,10.7.0.12:2379,10.7.0.13:2379|g
s|@ETCD_DATA@|/var/lib/etcd/teeka|g
s|@NETWORK@|10.7.0.0/24|g
s|@BIN@|/usr/lib/postgresql/15/bin|g
s|@DATA@|/var/lib/postgresql/teeka|g
s|@WATCHDOG@|automatic|g
s|@STORE@|127.0.0.1:5000|g
s|@DB1@|10.7.0.11:5432|g
s|@DB1_REST@|8008|g
s|@DB2@|10.7.0.12:5432|g
s|@DB2_REST@|8008|g
s|@DB3@|10.7.0.13:5432|g
s|@DB3_REST@|8008|g
s|@REST_PASSWORD@|CHANGE-1|g
s|@SUPERUSER_PASSWORD@|CHANGE-2|g
s|@REPLICATION_PASSWORD@|CHANGE-3|g
s|@TEEKA_PASSWORD@|CHANGE-4|g
s|@REPO@|/mnt/elsewhere/teeka|g
s|@REPO_PASSWORD@|CHANGE-5|g
