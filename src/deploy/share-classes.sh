#!/bin/sh
# Has pearl-routes start in half the time and CPU: writes the classes that it loads into lib/classes.jsa, in the form in which
# Java has them in memory (class data sharing). The file fits this folder and this Java, and is passed over elsewhere: run
# this again after moving the folder or taking another Java. It takes a run of the sandbox; nobody is called.
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
work=$(mktemp -d)
program=
trap '[ -z "$program" ] || kill "$program" 2>/dev/null || :; rm -rf "$work"' EXIT

rm -f "$home/lib/classes.jsa"
mkdir "$work/config"
# As it logs in use: other classes write other logs.
[ ! -f "$home/config/log4j2.properties" ] || cp "$home/config/log4j2.properties" "$work/config"
# Whatever is configured here, and for whomever: only the sandbox runs, and at full speed.
cat > "$work/config/application.properties" <<'END'
outbound.demo.id=sandbox-demo
outbound.demo.default-region=US
nlpearl.max-per-second=0
http.port=0
jms.broker-url=off
END
env -i PATH="$PATH" ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} CONFIG_DIR="$work/config" DATA_DIR="$work/data" \
  JAVA_OPTS="-XX:ArchiveClassesAtExit=$work/classes.jsa -Xlog:cds*=off" "$home/bin/pearl-routes" > "$work/log" 2>&1 &
program=$!
until [ -f "$work/data/sandbox/done/demo/sample-leads.csv.receipt.json" ]; do
  kill -0 "$program" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
kill "$program"
wait "$program" || :
if [ ! -f "$work/classes.jsa" ]; then
  echo 'This Java cannot share classes: pearl-routes starts as it did.' >&2
  exit 0
fi
# At once: half of it would crash who starts meanwhile.
chmod 644 "$work/classes.jsa"
cp "$work/classes.jsa" "$home/lib/classes.jsa.new"
mv "$home/lib/classes.jsa.new" "$home/lib/classes.jsa"
