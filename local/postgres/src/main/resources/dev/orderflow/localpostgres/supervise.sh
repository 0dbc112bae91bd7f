# Runs one Postgres server and never lets it outlive the process that started it: when standard input ends,
# for whatever reason, the server is stopped and the temporary folder deleted. When the server ends by itself,
# the folder stays, with what the server said.
#   sh supervise.sh AS BIN DATA PASSWORD-FILE SCRATCH [server option …]
# AS is what the programs are started with, may be empty. The first line of output is the server's process id.
umask 077
# Whoever started this decides when it ends, and not whoever presses Ctrl-C in the same terminal.
trap : INT TERM HUP
as=$1 bin=$2 data=$3 password=$4 scratch=$5
shift 5
exec 3<&0 </dev/null

if [ ! -f "$data/PG_VERSION" ]; then
  # Made aside and put in place whole, so that nobody ever starts on half of it.
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
    # Fast: sessions are ended, what is committed is written. After half a minute at once.
    if [ "$asked" -lt 150 ]; then kill -INT "$server"; else kill -QUIT "$server"; fi
    asked=$((asked + 1))
    sleep 0.2 || sleep 1
  done
) >/dev/null 2>&1 &
watch=$!

code=0
while kill -0 "$server" 2>/dev/null; do
  wait "$server" # ends early at every signal
  code=$?
done
kill "$watch" 2>/dev/null
[ ! -e "$scratch/stopping" ] || rm -rf "$scratch"
exit "$code"
