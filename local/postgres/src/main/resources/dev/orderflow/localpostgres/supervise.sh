# Runs one Postgres server that never outlives the process that started this script: when standard input ends,
# the server is stopped and the scratch folder is deleted. When the server ends by itself, the folder is kept,
# because it contains the log of the server.
#   sh supervise.sh AS BIN DATA PASSWORD-FILE SCRATCH [server option …]
# AS is a command that starts the programs; it may be empty. The first line of output is the server's process id.
umask 077
# The starting process decides when this script ends, so Ctrl-C in the same terminal is ignored.
trap : INT TERM HUP
as=$1 bin=$2 data=$3 password=$4 scratch=$5
shift 5
exec 3<&0 </dev/null

if [ ! -f "$data/PG_VERSION" ]; then
  # Initialised beside the target and then renamed, so that no server starts on incomplete data.
  rm -rf "$data.new"
  $as "$bin/initdb" --pgdata="$data.new" --username=postgres --pwfile="$password" --auth=scram-sha-256 \
    --encoding=UTF8 --no-locale --no-sync >&2 && mv "$data.new" "$data" || {
    rm -rf "$data.new"
    exit 1
  }
fi

$as "$bin/postgres" -D "$data" "$@" >&2 &
server=$!
echo "$server"

(
  while read -r _ <&3; do :; done
  : >"$scratch/stopping"
  asked=0
  while kill -0 "$server"; do
    # SIGINT is the fast shutdown: sessions end, committed data is written. After half a minute: immediate shutdown.
    if [ "$asked" -lt 150 ]; then kill -INT "$server"; else kill -QUIT "$server"; fi
    asked=$((asked + 1))
    sleep 0.2 || sleep 1
  done
) >/dev/null 2>&1 &
watch=$!

code=0
while kill -0 "$server" 2>/dev/null; do
  wait "$server" # returns early at every signal
  code=$?
done
kill "$watch" 2>/dev/null
[ ! -e "$scratch/stopping" ] || rm -rf "$scratch"
exit "$code"
