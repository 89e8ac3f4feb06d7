// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import java.util.List;

/**
 * A fault that was brought about, what was known about it, and the call after it.
 *
 * @param region type of the region that was taken away
 * @param physicalAddress where it lies
 * @param virtualAddress where firmware reaches it
 * @param faulted the call that needed it
 * @param fault what the processor reported
 * @param likelyCause what such a fault usually means
 * @param explanation what the address space knows about the address
 * @param next the same call of a new instance, with the region in its place
 */
record GuestFault(
    String region,
    String physicalAddress,
    String virtualAddress,
    GuestCall faulted,
    String fault,
    String likelyCause,
    List<String> explanation,
    GuestCall next) {
  /**
   * Takes a region away and calls GetTime, twice.
   *
   * @param dispatcher an invoker that re-arms at once, by a host in which the region is there
   * @param host in which the dispatcher's instance is called
   * @param region where GetTime's code lies
   * @param problems takes what is not as it must be
   */
  static GuestFault provoke(
      Dispatcher dispatcher, GuestHost host, EfiMemoryDescriptor region, List<String> problems) {
    host.remove(region);
    GuestCall faulted = GuestCalls.getTime(dispatcher.runtimeServices());
    FaultReport report =
        dispatcher
            .fault()
            .orElseThrow(
                () ->
                    new CliException(
                        "GetTime must fault without its code: result=" + faulted.result()));
    dispatcher.pump();
    GuestCall next = GuestCalls.getTime(dispatcher.runtimeServices());
    if (!next.isAnswered()) {
      problems.add("GetTime after the fault: " + next.result());
    }
    return new GuestFault(
        MemoryType.nameOf(region.type()),
        HexText.of(region.physicalStart()),
        HexText.of(region.virtualStart()),
        faulted,
        text(report),
        report.likelyCause(),
        report.explanation(),
        next);
  }

  /** What the processor reported, or whatever else was thrown. */
  static String text(FaultReport report) {
    return report.thrown() instanceof FirmwareFault reported
        ? reported.getMessage()
        : report.thrown().toString();
  }
}
