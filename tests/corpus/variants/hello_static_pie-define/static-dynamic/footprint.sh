#!/usr/bin/perl
use strict;
use warnings;

die_usage() unless @ARGV;
pipe(my $reading, my $writing) or die "footprint.sh: pipe: $!\n";
pipe(my $told, my $tell) or die "footprint.sh: pipe: $!\n";    # closed by exec
my $pid = fork() // die "footprint.sh: fork: $!\n";
if ($pid == 0) {
    close $writing;
    open STDIN,  '<&', $reading;
    open STDOUT, '>',  '/dev/null';
    open STDERR, '>',  '/dev/null';
    { no warnings; exec {$ARGV[0]} @ARGV }
    print $tell "$!";
    close $tell;
    exit 127;
}
close $reading;
close $tell;
if (defined(my $reason = <$told>)) {
    waitpid $pid, 0;
    print STDERR "footprint.sh: $ARGV[0]: $reason\n";
    exit 1;
}
select undef, undef, undef, 0.01 until waits();

my ($mappings, $kb, %libraries) = (0, 0);
open my $maps, '<', "/proc/$pid/maps" or die "footprint.sh: $!\n";
while (<$maps>) {
    my ($start, $end, $name) = /^(\w+)-(\w+) \S+ \S+ \S+ \S+ *(.*)$/ or next;
    no warnings 'portable';
    $mappings++;
    $kb += (hex($end) - hex($start)) >> 10;
    $libraries{$name}++ if $name =~ /\.so(\.\d[^\/]*)?$/;
}
printf "mappings %d\nlibraries %d\nsize %d\n", $mappings, scalar keys %libraries, $kb;
close $writing;
waitpid $pid, 0;
exit 0;

sub waits {
    open my $mine, '<', '/proc/self/syscall' or return 0;     # begins with the number of read()
    open my $its,  '<', "/proc/$pid/syscall" or return 0;
    my ($read) = split ' ', <$mine> // '';
    return (<$its> // '') =~ /^$read 0x0 /;
}

sub die_usage {
    print STDERR "usage: footprint.sh PROGRAM [ARG...]\n";
    exit 2;
}
