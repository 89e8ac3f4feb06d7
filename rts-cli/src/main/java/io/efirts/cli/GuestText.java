// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.qemu.machine.MachineSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Prints what is seen of a guest, a section at a time. */
final class GuestText {
  private static final double NANOS_PER_MICRO = 1000;
  private static final double MILLIS_PER_SECOND = 1000;

  private final PrintWriter out;

  GuestText(PrintWriter out) {
    this.out = out;
  }

  void booting(MachineSettings machine) {
    out.println(
        "Booting "
            + Printable.text(machine.code().toString())
            + " in "
            + machine.arch().binary()
            + " ...");
    out.flush();
  }

  void print(GuestBoot boot) {
    GuestIdentity firmware = boot.firmware();
    out.printf(
        Locale.ROOT,
        "%s, revision %s, UEFI %s; boot services ended after %.1f s%n",
        firmware.vendor().isEmpty() ? "(no vendor)" : Printable.text(firmware.vendor()),
        firmware.revision(),
        firmware.uefi(),
        boot.bootMillis() / MILLIS_PER_SECOND);
    out.println(
        "variables in "
            + (boot.kept() ? "" : "a copy of ")
            + Printable.text(boot.variables())
            + (boot.kept() ? ", which are kept" : ""));
    out.println();
    TextTable table = new TextTable("TYPE", "REGIONS", "PAGES", "RUNTIME PAGES");
    for (GuestBoot.TypeSummary type : boot.memoryMap()) {
      table.add(type.type(), type.regions(), type.pages(), type.runtimePages());
    }
    table.print(out);
    out.flush();
  }

  void print(List<GuestRegion> regions, List<String> findings) {
    out.println();
    out.println(
        "After SetVirtualAddressMap, runtime regions are mapped at both addresses; pages by"
            + " permissions:");
    TextTable table = new TextTable("TYPE", "PHYSICAL", "VIRTUAL", "PAGES", "PERMISSIONS");
    for (GuestRegion region : regions) {
      table.add(
          region.type(),
          region.physicalAddress(),
          region.virtualAddress(),
          region.pages(),
          permissions(region.parts()));
    }
    table.print(out);
    out.println(findings.isEmpty() ? "findings: none" : "findings:");
    findings.forEach(finding -> out.println("  " + Printable.text(finding)));
    out.flush();
  }

  /** One word for most regions; of images, how many pages are code, constants and data. */
  private static String permissions(List<GuestRegion.Part> parts) {
    Map<String, Long> pages = new TreeMap<>();
    for (GuestRegion.Part part : parts) {
      pages.merge(part.permissions() + " " + part.cache(), part.pages(), Long::sum);
    }
    return pages.size() == 1
        ? pages.keySet().iterator().next()
        : pages.entrySet().stream()
            .map(entry -> entry.getKey() + " x" + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  void print(List<GuestWay> ways) {
    out.println();
    out.println("Calls through the dispatcher, in microseconds (median):");
    List<GuestCall> last = ways.getLast().calls();
    List<String> results = new ArrayList<>();
    for (int i = 0; i < last.size(); i++) {
      results.add(result(ways, i));
    }
    int width = results.stream().mapToInt(String::length).max().orElse(1);
    String row = "%-25s  %-" + width + "s" + "  %17s".repeat(ways.size()) + "  %s";
    line(row, cells("CALL", "STATUS", ways.stream().map(GuestWay::addresses), "LAST ANSWER"));
    for (int i = 0; i < last.size(); i++) {
      int call = i;
      line(
          row,
          cells(
              last.get(i).call(),
              results.get(i),
              ways.stream().map(way -> micros(way.calls().get(call))),
              last.get(i).answer()));
    }
    out.flush();
  }

  private static Object[] cells(String call, String result, Stream<String> ways, String answer) {
    return Stream.of(Stream.of(call, result), ways, Stream.of(answer))
        .flatMap(cells -> cells)
        .toArray();
  }

  private void line(String format, Object... cells) {
    out.println(String.format(Locale.ROOT, format, cells).stripTrailing());
  }

  /** Once if all ways agree. */
  private static String result(List<GuestWay> ways, int call) {
    return ways.stream()
        .map(way -> way.calls().get(call).result())
        .distinct()
        .collect(Collectors.joining(" | "));
  }

  private static String micros(GuestCall call) {
    return String.format(Locale.ROOT, "%.1f", call.nanos() / NANOS_PER_MICRO);
  }

  void print(GuestFault fault) {
    out.println();
    out.println(
        "Without "
            + fault.region()
            + " at "
            + fault.physicalAddress()
            + " and "
            + fault.virtualAddress()
            + ":");
    line(
        "  %s  %s  %s us",
        fault.faulted().call(), fault.faulted().result(), micros(fault.faulted()));
    out.println("  " + Printable.text(fault.fault()));
    out.println("  " + Printable.text(fault.likelyCause()));
    fault.explanation().forEach(explained -> out.println("    " + Printable.text(explained)));
    out.println("With the region in its place, and a new instance of the same firmware:");
    line(
        "  %s  %s  %s us  %s",
        fault.next().call(), fault.next().result(), micros(fault.next()), fault.next().answer());
    out.flush();
  }
}
