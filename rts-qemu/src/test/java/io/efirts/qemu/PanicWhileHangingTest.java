// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.pstore.Pstore;
import io.efirts.pstore.log.LogRing;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashRecordReader;
import io.efirts.pstore.report.PanicReport;
import io.efirts.qemu.machine.GuestArch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A panic while a call hangs inside real firmware: it is taken over from that call, which is ended
 * in the guest, and firmware itself writes the log into its variables.
 */
@Tag("real-firmware")
@Timeout(120)
class PanicWhileHangingTest {
  private static final int LINES = 100;
  private static final String TOKEN = "the last line before the panic";

  private static FirmwareInstance arm(QemuGuest guest) {
    HangingFirmware.hang(guest, RuntimeService.GET_TIME);
    return VirtualModeSwitch.perform(guest.firmware(), guest.host(), InterruptControl.NONE);
  }

  private static LogRing log() {
    LogRing log = new LogRing();
    for (int i = 0; i < LINES; i++) {
      log.append("line " + i + " of a machine that is about to fail");
    }
    log.append(TOKEN);
    return log;
  }

  @ParameterizedTest
  @EnumSource
  void theDumpIsInTheStore(GuestArch arch) throws Exception {
    GuestSettings settings = GuestSettings.of(arch).withCallLimit(Duration.ofSeconds(60));
    try (QemuFirmwareFactory factory =
        new QemuFirmwareFactory(settings, PanicWhileHangingTest::arm)) {
      try (Dispatcher dispatcher = Dispatcher.builder().firmware(factory).start();
          Pstore pstore = Pstore.builder(dispatcher).log(log()).invoker().start()) {
        CompletableFuture<CallResult> hanging =
            CompletableFuture.supplyAsync(
                () -> ServiceCall.GET_TIME.make(dispatcher.runtimeServices()),
                task -> new Thread(task, "hanging").start());
        // Nobody else calls: crash records are not housekept here.
        while (!factory.guest().isInside()) {
          assertFalse(hanging.isDone());
          Thread.onSpinWait();
        }
        PanicReport report = pstore.panic(Duration.ofMillis(50));
        assertTrue(report.firmwareWasInterrupted(), report::toString);
        assertNotEquals(0, report.parts());
        assertEquals(report.parts(), report.partsWritten(), report::toString);
        // Whichever comes first: its caller is let go, or the worker has left the guest.
        CallResult left = hanging.get(60, TimeUnit.SECONDS);
        assertTrue(
            left.outcome() == Outcome.EMERGENCY || left.outcome() == Outcome.FAULTED,
            left::toString);
      }
      factory.guest().close();
      requireLog(factory.store());
    }
  }

  private static void requireLog(Path store) throws Exception {
    try (NvImage image = NvImage.openReadOnly(store);
        Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build())
                .invoker()
                .start()) {
      List<String> skipped = new ArrayList<>();
      List<CrashDump> dumps =
          CrashDump.group(
              new CrashRecordReader(
                      dispatcher.runtimeServices(), entry -> skipped.add(entry.toString()))
                  .readAll());
      assertEquals(List.of(), skipped);
      assertEquals(1, dumps.size());
      String log = new String(dumps.getFirst().log(), StandardCharsets.UTF_8);
      assertTrue(log.contains("line 0 of a machine"), log);
      assertTrue(log.stripTrailing().endsWith(TOKEN), log);
    }
  }
}
