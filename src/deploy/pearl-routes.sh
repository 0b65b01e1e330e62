#!/bin/sh
# Runs pearl-routes in the foreground, or one of its commands; see --help.
set -eu

# The folder of the program, also when this is a symbolic link to it.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
home=$(CDPATH='' cd -- "$(dirname -- "$self")/.." && pwd -P)

if [ -n "${JAVA_HOME-}" ]; then
  java=$JAVA_HOME/bin/java
  [ -x "$java" ] || { echo "pearl-routes cannot start: JAVA_HOME has no bin/java: $JAVA_HOME" >&2; exit 1; }
else
  java=$(command -v java) || {
    echo 'pearl-routes cannot start: there is no java: install Java 17 or newer, or set JAVA_HOME' >&2
    exit 1
  }
fi

# Java takes the encoding of file names from the locale, and no option of its own changes that: in the C locale it can't
# open Zoë.csv.
if [ "$(locale charmap 2>/dev/null || :)" != UTF-8 ]; then
  export LC_ALL=C.UTF-8
fi

export CONFIG_DIR="${CONFIG_DIR:-$home/config}"

# What bin/share-classes has written; Java passes it over where it does not fit. The program's heap is small: the serial
# collector does with less CPU and half the memory.
set -- "-Dpearl.routes=$home/routes" --enable-native-access=ALL-UNNAMED \
  -cp "$home/lib/pearl-routes.jar:$home/lib/ext/*" dev.pearlroutes.app.Main "$@"
[ ! -f "$home/lib/classes.jsa" ] || set -- "-XX:SharedArchiveFile=$home/lib/classes.jsa" '-Xlog:cds*=off' "$@"
case ${JAVA_OPTS-} in
  *-XX:+Use*GC*) ;;
  *) set -- -XX:+UseSerialGC "$@" ;;
esac

# Netty needs no sun.misc.Unsafe here, of which Java 24 and later warn. The embedded broker's queues do (JCTools): the
# property is --sun-misc-unsafe-memory-access=allow in a form that Java 17 takes too.
# Java's optimising compiler takes as much CPU for the first 100,000 leads as sending them. By default it writes what a method
# calls into the method, nine levels deep and more, so that the same code is compiled again and again: with smaller pieces it
# needs half of that, and sending is as fast. And it waits for three times as many calls as it would, since what only a start
# runs so often, such as reading the routes, is not worth its work.
# In lib/ext are the jars of another JMS provider.
# A process short of memory is better ended than half alive: the next start takes up where it was.
# JAVA_OPTS is split at spaces, but not expanded as file names.
set -f
# shellcheck disable=SC2086
exec "$java" -Dio.netty.noUnsafe=true -Dsun.misc.unsafe.memory.access=allow -XX:+ExitOnOutOfMemoryError \
  -XX:MaxInlineLevel=9 -XX:FreqInlineSize=75 -XX:InlineSmallCode=800 \
  -XX:Tier4InvocationThreshold=15000 -XX:Tier4MinInvocationThreshold=1800 -XX:Tier4CompileThreshold=45000 \
  -XX:Tier4BackEdgeThreshold=120000 ${JAVA_OPTS-} "$@"
