#!/bin/sh
# Measures the packaged program's speed; see "Speed" in src/docs/pace-and-speed.md. Needs mvn package before.
#   sh src/bench/bench.sh [--quick] [--runs=5] [rows]
set -eu
cd "$(dirname -- "$0")/../.."
[ -d target/pearl-routes/lib ] || { echo 'there is no target/pearl-routes: run mvn -B -DskipTests package first' >&2; exit 1; }
jdk=${JAVA_HOME:+$JAVA_HOME/bin/}
# Camel and Jackson for the route to compare with are the program's own; the program itself is started as a user starts it.
libraries="$PWD/target/pearl-routes/lib/*"
"${jdk}javac" -nowarn -d target/bench/classes -cp "$libraries" src/bench/speed/*.java
exec "${jdk}java" -cp "$PWD/target/bench/classes:$libraries" speed.Bench "$@"
