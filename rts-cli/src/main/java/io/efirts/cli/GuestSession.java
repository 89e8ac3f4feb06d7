// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.QemuGuest;
import io.efirts.qemu.call.ServiceEntries;
import io.efirts.qemu.machine.MachineSettings;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The three ways to call one guest's firmware, one after the other: each has a dispatcher of its
 * own, and the memory of the one before.
 */
final class GuestSession {
  private static final int VALUE_BYTES = 8;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Architecture arch;
  private final boolean fault;
  private final GuestText text;
  private final List<String> problems = new ArrayList<>();

  /**
   * A session with one guest.
   *
   * @param arch the guest's
   * @param fault whether a fault is to be provoked at the end
   * @param text prints each part when it is known
   */
  GuestSession(Architecture arch, boolean fault, GuestText text) {
    this.arch = arch;
    this.fault = fault;
    this.text = text;
  }

  /**
   * Calls firmware in every way.
   *
   * @param guest one that nobody has called yet
   * @param bootNanos how long it took to boot
   * @throws CliException if firmware does not get to virtual addresses
   */
  GuestReport run(QemuGuest guest, long bootNanos) {
    PhysicalAddress systemTable = guest.systemTable();
    MachineSettings settings = guest.machine().settings();
    GuestBoot boot =
        new GuestBoot(
            arch.toString(),
            settings.code().toString(),
            settings.variables().toString(),
            settings.variablesInPlace(),
            bootNanos / NANOS_PER_MILLI,
            GuestIdentity.read(guest.memory(), systemTable.value()),
            GuestBoot.byType(guest.memoryMap()));
    text.print(boot);
    long getTime = ServiceEntries.find(guest.memory(), systemTable).of(RuntimeService.GET_TIME);
    List<GuestWay> ways = new ArrayList<>();
    ways.add(way(GuestWay.FIRMWARE, guest::underFirmwareTables));
    ways.add(way(GuestWay.PHYSICAL, guest::atPhysicalAddresses));
    return atVirtualAddresses(GuestHost.first(guest), boot, ways, getTime);
  }

  private GuestWay way(String addresses, FirmwareFactory factory) {
    try (Dispatcher dispatcher = builder(factory).start()) {
      return new GuestWay(addresses, calls(dispatcher, addresses));
    }
  }

  /** Calls are made by the thread that asks for them: their times have no change of threads. */
  private static DispatcherBuilder builder(FirmwareFactory factory) {
    return Dispatcher.builder().invoker().firmware(factory);
  }

  private List<GuestCall> calls(Dispatcher dispatcher, String addresses) {
    byte[] random = new byte[VALUE_BYTES];
    new SecureRandom().nextBytes(random);
    List<String> found = new ArrayList<>();
    List<GuestCall> calls =
        GuestCalls.make(dispatcher.runtimeServices(), HexFormat.of().formatHex(random), found);
    // The log, which is off, would have told it.
    dispatcher
        .fault()
        .ifPresent(report -> problems.add(addresses + ": " + GuestFault.text(report)));
    found.forEach(problem -> problems.add(addresses + ": " + problem));
    return calls;
  }

  private GuestReport atVirtualAddresses(
      GuestHost host, GuestBoot boot, List<GuestWay> ways, long getTime) {
    FirmwareInstance switched =
        VirtualModeSwitch.perform(host.guest().firmware(), host.host(), InterruptControl.NONE);
    if (switched.failure() != null) {
      // What went wrong before may be why.
      requireNoProblem();
      throw new CliException(switched.failure().getMessage(), switched.failure());
    }
    List<GuestRegion> regions = GuestRegion.of(host);
    List<String> findings = host.host().findings();
    text.print(regions, findings);
    List<FirmwareInstance> first = new ArrayList<>(List.of(switched));
    FirmwareFactory factory =
        () -> first.isEmpty() ? host.successor().instance() : first.removeLast();
    try (Dispatcher dispatcher =
        builder(factory)
            .rearm(fault ? RearmPolicy.afterProbe(1, Duration.ZERO) : RearmPolicy.NEVER)
            .start()) {
      ways.add(new GuestWay(GuestWay.VIRTUAL, calls(dispatcher, GuestWay.VIRTUAL)));
      text.print(ways);
      GuestFault provoked = null;
      if (fault && problems.isEmpty()) {
        provoked = GuestFault.provoke(dispatcher, host, region(host, getTime), problems);
        text.print(provoked);
      }
      return new GuestReport(boot, regions, findings, List.copyOf(ways), provoked);
    }
  }

  private static EfiMemoryDescriptor region(GuestHost host, long physicalAddress) {
    return host.runtimeRegions().stream()
        .filter(
            region ->
                Long.compareUnsigned(
                        physicalAddress - region.physicalStart(),
                        region.numberOfPages() * EfiMemoryDescriptor.PAGE_SIZE_BYTES)
                    < 0)
        .findFirst()
        .orElseThrow(
            () ->
                new CliException(
                    "GetTime must lie in a runtime region: address="
                        + HexText.of(physicalAddress)));
  }

  /**
   * Ends the command with an error if something was not as it must be.
   *
   * @throws CliException with the first, and how many more there are
   */
  void requireNoProblem() {
    if (!problems.isEmpty()) {
      throw new CliException(
          problems.getFirst()
              + (problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)"));
    }
  }
}
