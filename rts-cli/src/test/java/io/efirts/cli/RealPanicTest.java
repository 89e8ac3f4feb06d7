// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import static io.efirts.cli.CommandRun.rts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spec.EfiSystemTable;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.dispatch.Dispatcher;
import io.efirts.pstore.Pstore;
import io.efirts.pstore.log.LogRing;
import io.efirts.pstore.report.PanicReport;
import io.efirts.qemu.GuestSettings;
import io.efirts.qemu.QemuGuest;
import io.efirts.qemu.machine.GuestArch;
import io.efirts.qemu.machine.MachineSettings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A panic while a call hangs in a guest; then {@code rts pstore} reads, out of the variable store's
 * file, what real firmware has written.
 */
@Tag("real-firmware")
@Timeout(120)
class RealPanicTest {
  private static final String TOKEN = "the last line before the panic";
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void itsRecordsAreShown(GuestArch arch) throws Exception {
    Path store = Files.copy(arch.defaultVariables(), directory.resolve("vars.fd"));
    GuestSettings settings =
        GuestSettings.of(arch).withMachine(MachineSettings.of(arch).withVariablesInPlace(store));
    panic(settings);

    assertTrue(rts("pstore", "show", store).succeeds().out().contains(TOKEN));
    List<String> lines = rts("pstore", "list", store).succeeds().lines();
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.getLast().contains("dmesg"), lines::toString);
  }

  private static void panic(GuestSettings settings) {
    LogRing log = new LogRing();
    log.append(TOKEN);
    try (QemuGuest guest = QemuGuest.boot(settings)) {
      makeGetTimeHang(guest);
      try (Dispatcher dispatcher =
              Dispatcher.builder().firmware(guest::underFirmwareTables).start();
          Pstore pstore = Pstore.builder(dispatcher).log(log).invoker().start()) {
        Thread hanging =
            Thread.ofPlatform()
                .start(() -> dispatcher.runtimeServices().getTime(new EfiTimeHolder(), null));
        while (!guest.isInside()) {
          assertTrue(hanging.isAlive());
          Thread.onSpinWait();
        }
        PanicReport report = pstore.panic(Duration.ofMillis(50));
        assertTrue(report.firmwareWasInterrupted(), report::toString);
        assertEquals(report.parts(), report.partsWritten(), report::toString);
      }
    }
  }

  /** GetTime begins with a jump to itself from now on. */
  private static void makeGetTimeHang(QemuGuest guest) {
    MemoryRegion arena = guest.arena();
    boolean x86 = guest.machine().settings().arch() == GuestArch.X86_64;
    arena.bytes().set(INT, 0, x86 ? 0xFEEB : 0x1400_0000);
    long table = EfiSystemTable.runtimeServices64(at(guest, guest.systemTable().value()));
    long entry =
        RuntimeServicesTable.readFunctionPointer64(at(guest, table), 0, RuntimeService.GET_TIME);
    guest.copy(entry, arena.base().value(), x86 ? 2 : 4);
  }

  private static MemorySegment at(QemuGuest guest, long address) {
    MemoryRegion region = guest.memory().regionAt(address);
    return region.bytes().asSlice(region.offsetOf(address));
  }
}
