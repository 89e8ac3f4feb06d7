// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.report.DumpOutcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written is read back, as the same log, by a reader that shares no code with the writer
 * (I-17).
 */
class IndependentReaderTest {
  private static final Path OVMF = Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFreshImagesDumpsAreTheLog(boolean compress) throws Exception {
    Path file = directory.resolve("vars.fd");
    NvImage.create(file, NvLayout.OVMF_4M).close();
    dumpAndRead(file, compress);
  }

  @Test
  @Tag("real-firmware")
  void theDumpsInACopyOfOvmfsImageAreTheLog() throws Exception {
    Path file = directory.resolve("vars.fd");
    Files.copy(OVMF, file);
    dumpAndRead(file, true);
  }

  private static void dumpAndRead(Path file, boolean compress) throws Exception {
    TextLog oops = mixed(1);
    TextLog panic = mixed(2);
    TextLog[] current = {oops};
    KmsgSource log =
        new KmsgSource() {
          @Override
          public long end() {
            return current[0].end();
          }

          @Override
          public void sliceBefore(long position, int limitBytes, KmsgSlice slice) {
            current[0].sliceBefore(position, limitBytes, slice);
          }
        };
    try (NvImage image = NvImage.open(file);
        Dispatcher dispatcher =
            Dispatcher.builder()
                .firmware(ReferenceFirmware.builder(image).phase(FirmwarePhase.RUNTIME).build())
                .invoker()
                .start();
        Pstore pstore =
            Pstore.builder(dispatcher)
                .log(log)
                .kmsgBytes(32_000)
                .quotaBytes(200_000)
                .compress(compress)
                .invoker()
                .start()) {
      assertEquals(DumpOutcome.WRITTEN, pstore.dump(DumpReason.OOPS));
      current[0] = panic;
      assertTrue(pstore.panic(Duration.ZERO).partsWritten() > 1);
    }
    List<RawDumpDecoder.Part> parts = RawDumpDecoder.parts(Files.readAllBytes(file));
    assertEquals(oops.text(), RawDumpDecoder.log(parts, 1, "Oops"));
    assertEquals(panic.text(), RawDumpDecoder.log(parts, 2, "Panic"));
  }

  /** Lines that compress well, lines that do not, and some that are longer than a record. */
  private static TextLog mixed(long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    while (text.length() < 16_000) {
      int kind = random.nextInt(12);
      int length = kind == 0 ? 3_000 : random.nextInt(100);
      for (int i = 0; i < length; i++) {
        text.append((char) (kind % 2 == 0 ? '!' + random.nextInt(90) : 'a' + kind));
      }
      text.append('\n');
    }
    assertEquals(text.length(), text.toString().getBytes(StandardCharsets.UTF_8).length);
    return new TextLog(text.toString());
  }
}
