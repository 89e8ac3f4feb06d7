// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.qemu.GuestSettings;
import io.efirts.qemu.QemuGuest;
import io.efirts.qemu.agent.AgentException;
import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rts firmware}: real firmware, booted in QEMU and called. */
@Command(
    name = "firmware",
    description = {
      "Boots OVMF or AAVMF in QEMU, leaves boot services, and calls its runtime services through"
          + " the dispatcher: under the tables firmware has left, under isolated tables at its"
          + " physical addresses, and after SetVirtualAddressMap at virtual ones.",
      "Succeeds only if firmware answers every call, and a variable of our own is set, read back"
          + " and deleted each time."
    },
    footer = {
      "",
      "Needs QEMU and firmware; if something is missing, it says what to install. A",
      "store in which Secure Boot is enforced does not let the guest's agent start.",
      "",
      "Each time is what the caller waited, in its own thread: the median of nine",
      "rounds; of GetNextVariableName per call of the walk. SetVariable's has the",
      "QueryVariableInfo in it by which the dispatcher keeps a reserve of space. QEMU",
      "translates code (TCG), so times compare ways, not machines.",
      "",
      "JSON: {boot: {architecture, code, variables, kept, bootMillis, firmware:",
      "{vendor, revision, uefi}, memoryMap: [{type, regions, pages, runtimePages}]},",
      "regions: [{type, physicalAddress, virtualAddress, pages, attributes, parts:",
      "[{firstPage, pages, permissions, cache}]}], findings, ways: [{addresses, calls:",
      "[{call, status, outcome, nanos, answer}]}]}, with --fault also fault: {region,",
      "physicalAddress, virtualAddress, faulted, fault, likelyCause, explanation, next}",
      "where faulted and next are calls. Addresses are text in hex, pages are of 4 KiB."
    })
final class FirmwareCommand implements Runnable {
  private static final int LONGEST_BOOT_SECONDS = 3600;

  @Option(
      names = "--arch",
      paramLabel = "ARCH",
      defaultValue = "x86_64",
      converter = Architecture.Converter.class,
      description = "The guest: x86_64 or arm64; by default ${DEFAULT-VALUE}.")
  private Architecture arch;

  @Mixin private GuestFiles files;

  @Option(
      names = "--fault",
      description = {
        "At the end take the region of GetTime's code out of firmware's tables: the fault is shown,"
            + " then a new instance serves, with the region in its place."
      })
  private boolean fault;

  @Option(
      names = "--boot-limit",
      paramLabel = "SECONDS",
      defaultValue = "90",
      description = "How long firmware may take to boot; by default ${DEFAULT-VALUE}.")
  private int bootLimit;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private HelpOption help;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    // Findings and the fault are what this command prints; the library's log would have them twice.
    System.setProperty("org.slf4j.simpleLogger.log.io.efirts", "off");
    GuestSettings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    GuestText text = new GuestText(json ? new PrintWriter(Writer.nullWriter()) : out);
    text.booting(settings.machine());
    GuestSession session = new GuestSession(arch, fault, text);
    GuestReport report;
    long start = System.nanoTime();
    try (QemuGuest guest = boot(settings)) {
      report = session.run(guest, System.nanoTime() - start);
    } catch (MachineException | AgentException e) {
      throw new CliException(e.getMessage(), e);
    }
    if (json) {
      JsonOutput.print(out, report);
    }
    session.requireNoProblem();
  }

  private GuestSettings settings() {
    if (bootLimit < 1 || bootLimit > LONGEST_BOOT_SECONDS) {
      throw new CliException("boot limit must be 1 to 3600 seconds: bootLimit=" + bootLimit);
    }
    GuestArch guestArch =
        switch (arch) {
          case X86_64 -> GuestArch.X86_64;
          case ARM64 -> GuestArch.ARM64;
        };
    GuestSettings defaults = GuestSettings.of(guestArch);
    return new GuestSettings(
        files.machine(guestArch), Duration.ofSeconds(bootLimit), defaults.callLimit());
  }

  private QemuGuest boot(GuestSettings settings) {
    try {
      return QemuGuest.boot(settings);
    } catch (AgentException e) {
      throw new CliException(
          "firmware must boot, within --boot-limit "
              + bootLimit
              + " s and without Secure Boot: "
              + e.getMessage(),
          e);
    }
  }
}
