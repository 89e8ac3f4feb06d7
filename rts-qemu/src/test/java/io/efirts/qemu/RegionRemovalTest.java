// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.Translation;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.machine.GuestArch;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real firmware without one of its regions: which services touch it is as known, each of them is a
 * fault that is contained and explained (I-12), and with the region back the same call works.
 */
@Tag("real-firmware")
@Timeout(300)
class RegionRemovalTest {
  @ParameterizedTest
  @EnumSource
  void exactlyTheServicesThatNeedARegionFault(GuestArch arch) {
    try (QemuGuest guest = QemuGuest.boot(GuestSettings.of(arch))) {
      GuestHost first = GuestHost.first(guest);
      FirmwareInstance switched =
          VirtualModeSwitch.perform(guest.firmware(), first.host(), InterruptControl.NONE);
      assertNull(switched.failure());
      ServiceCall.answers(switched);
      List<EfiMemoryDescriptor> regions = first.runtimeRegions();
      List<RemovedRegion> removed = RemovedRegion.of(arch);
      assertEquals(removed.size(), regions.size());
      for (int i = 0; i < regions.size(); i++) {
        assertEquals(
            removed.get(i).faulting,
            faultingWithout(guest, regions, regions.get(i)),
            removed.get(i)::toString);
      }
    }
  }

  private static Set<ServiceCall> faultingWithout(
      QemuGuest guest, List<EfiMemoryDescriptor> regions, EfiMemoryDescriptor removed) {
    Set<ServiceCall> faulting = EnumSet.noneOf(ServiceCall.class);
    for (ServiceCall call : RemovedRegion.TRIED) {
      if (faultsWithout(guest, regions, removed, call)) {
        faulting.add(call);
      }
    }
    return faulting;
  }

  private static boolean faultsWithout(
      QemuGuest guest,
      List<EfiMemoryDescriptor> regions,
      EfiMemoryDescriptor removed,
      ServiceCall call) {
    GuestHost without = GuestHost.successor(guest, regions);
    without.unmapPhysical(removed);
    without.unmapVirtual(removed);
    FirmwareInstance crippled = without.instance();
    boolean[] made = new boolean[1];
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(
                () -> {
                  if (made[0]) {
                    return GuestHost.successor(guest, regions).instance();
                  }
                  made[0] = true;
                  return crippled;
                })
            .storageReserve(0)
            .rearm(RearmPolicy.afterProbe(1, Duration.ZERO))
            .invoker()
            .start()) {
      CallResult result = call.make(dispatcher.runtimeServices());
      boolean faulted = result.outcome() == Outcome.FAULTED;
      if (faulted) {
        requireExplained(dispatcher.fault().orElseThrow(), removed, without.tables());
        dispatcher.pump();
      }
      CallResult next = call.make(dispatcher.runtimeServices());
      assertTrue(next.isSuccess(), () -> call + ": " + next + ", " + dispatcher.fault());
      return faulted;
    }
  }

  private static void requireExplained(
      FaultReport report, EfiMemoryDescriptor removed, AddressSpace tables) {
    FirmwareFault fault = assertInstanceOf(FirmwareFault.class, report.thrown(), report::toString);
    assertEquals(FaultKind.NOT_MAPPED, fault.kind(), report::toString);
    // The processor's own error code or syndrome is the one that our walk of the tables predicts.
    assertEquals(
        Translation.faultDetail(tables.translate(fault.address(), fault.access())),
        fault.detail(),
        report::toString);
    assertEquals(
        removed.physicalStart(), report.nearestDescriptor().physicalStart(), report::toString);
    String text = String.join("\n", report.explanation());
    String descriptor = "phys_addr = 0x" + Long.toHexString(removed.physicalStart());
    assertTrue(text.contains(descriptor), report::toString);
  }
}
