// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvLayout;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.log.LogRing;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashRecordReader;
import io.efirts.testkit.Patience;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM's own last lines. */
@Timeout(60)
class UncaughtErrorsTest {
  private static List<CrashDump> dumpsAfter(Throwable thrown, AtomicReference<Throwable> told)
      throws InterruptedException {
    ReferenceFirmware firmware =
        ReferenceFirmware.builder(NvLayout.OVMF_2M).phase(FirmwarePhase.RUNTIME).build();
    LogRing log = new LogRing();
    try (Dispatcher dispatcher = Dispatcher.builder().firmware(firmware).start();
        Pstore pstore = Pstore.builder(dispatcher).log(log).start()) {
      log.append(6, "what came before");
      Thread thread =
          Thread.ofPlatform()
              .name("doomed")
              .uncaughtExceptionHandler(
                  new UncaughtErrors(pstore, log, (dead, cause) -> told.set(cause)))
              .start(
                  () -> {
                    if (thrown instanceof Error error) {
                      throw error;
                    }
                    throw (RuntimeException) thrown;
                  });
      thread.join();
      assertEquals(DispatcherMode.OPEN, dispatcher.mode());
      // The store's thread may have been inside the firmware: then the dump waits to be written.
      assertTrue(pstore.flush(Patience.LIMIT));
      return CrashDump.group(
          new CrashRecordReader(dispatcher.runtimeServices(), entry -> {}).readAll());
    }
  }

  @Test
  void anErrorIsDumpedWithItsStackAndToldOn() throws InterruptedException {
    Error error = new StackOverflowError("too deep");
    AtomicReference<Throwable> told = new AtomicReference<>();

    List<CrashDump> dumps = dumpsAfter(error, told);

    assertEquals(1, dumps.size());
    assertEquals(DumpReason.OOPS, dumps.getFirst().reason());
    String log = new String(dumps.getFirst().log(), StandardCharsets.UTF_8);
    assertTrue(log.contains("what came before\n"), log);
    assertTrue(log.contains("doomed\n"), log);
    assertTrue(log.contains("java.lang.StackOverflowError\n"), log);
    assertTrue(log.contains("too deep\n"), log);
    assertTrue(log.contains("UncaughtErrorsTest."), log);
    assertSame(error, told.get());
  }

  @Test
  void anExceptionIsOnlyToldOn() throws InterruptedException {
    RuntimeException exception = new IllegalStateException("no error");
    AtomicReference<Throwable> told = new AtomicReference<>();

    assertEquals(List.of(), dumpsAfter(exception, told));
    assertSame(exception, told.get());
  }
}
