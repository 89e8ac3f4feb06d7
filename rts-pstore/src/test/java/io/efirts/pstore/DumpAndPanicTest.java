// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.report.DumpOutcome;
import io.efirts.pstore.report.PanicReport;
import io.efirts.pstore.report.RecordCounter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An oops, then a panic, with nobody in the way. */
class DumpAndPanicTest {
  @Test
  void everyPartIsWritten() {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_4M);
    try (Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build())
                .invoker()
                .start();
        Pstore pstore = Pstore.builder(dispatcher).log(TextLog.ofLines(400)).invoker().start()) {
      assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
      assertEquals(DumpOutcome.SKIPPED, pstore.dump(DumpReason.SHUTDOWN));
      long oops = pstore.count(RecordCounter.WRITTEN);
      PanicReport report = pstore.panic(Duration.ZERO);
      assertTrue(report.tookOver());
      assertFalse(report.firmwareWasInterrupted());
      assertEquals(2, report.dump());
      assertEquals(oops, report.parts());
      assertEquals(oops, report.partsWritten());
      assertEquals(0, report.dropped());
      assertFalse(pstore.panic(Duration.ZERO).tookOver());
      assertEquals(2 * oops, pstore.count(RecordCounter.ATTEMPTED));
      assertEquals(2 * oops, pstore.count(RecordCounter.WRITTEN));
    }
  }
}
