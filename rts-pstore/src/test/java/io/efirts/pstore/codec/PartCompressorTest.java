// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartCompressorTest {
  private static final int CALLS = 100;
  private static final int ROUNDS = 400;

  private final PartCompressor compressor = new PartCompressor();

  @AfterEach
  void close() {
    compressor.close();
  }

  /** A log whose lines resemble each other near and far. */
  private static byte[] log(int length, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < length; i++) {
      text.append("<6>[    ")
          .append(i / 7)
          .append('.')
          .append(100_000 + random.nextInt(900_000))
          .append("] device ")
          .append(random.nextInt(8))
          .append(": link is up\n");
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), length);
  }

  private static byte[] inflate(byte[] stream, int length) {
    try (PartInflater inflater = new PartInflater(1 << 20)) {
      return inflater.inflate(Arrays.copyOf(stream, length)).orElseThrow();
    }
  }

  @Property(seed = "1", tries = 300)
  void whatIsCompressedIsInflated(@ForAll @IntRange(max = 9000) int length, @ForAll long seed) {
    byte[] source = log(length + 5, seed);
    byte[] target = new byte[9000 + 100];

    int stored = compressor.compress(source, 5, length, target, target.length);

    assertArrayEquals(Arrays.copyOfRange(source, 5, source.length), inflate(target, stored));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1706, 2047, 2048, 2049, 4096, 4097, 10_240})
  void aStreamFitsExactlyItsOwnLengthAndNoLess(int length) {
    byte[] source = log(length, 7);
    byte[] target = new byte[length + 100];
    int stored = compressor.compress(source, 0, length, target, target.length);

    assertTrue(stored > 0);
    byte[] again = new byte[length + 100];
    assertEquals(stored, compressor.compress(source, 0, length, again, stored));
    assertArrayEquals(target, again);
    for (int limit = 0; limit < stored; limit += Math.max(1, stored / 50)) {
      assertEquals(-1, compressor.compress(source, 0, length, again, limit), "limit=" + limit);
    }
    assertEquals(-1, compressor.compress(source, 0, length, again, stored - 1));
  }

  @Test
  void nothingIsWrittenBeyondTheLimit() {
    byte[] noise = new byte[1706];
    new Random(1).nextBytes(noise);
    byte[] target = new byte[2000];

    assertEquals(-1, compressor.compress(noise, 0, noise.length, target, 1024));
    assertArrayEquals(new byte[976], Arrays.copyOfRange(target, 1024, 2000));
  }

  @Test
  void aPartThatDidNotFitLeavesNothingInTheNext() {
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    byte[] target = new byte[1024];
    assertEquals(-1, compressor.compress(noise, 0, noise.length, target, 1024));
    byte[] source = log(1706, 3);

    int stored = compressor.compress(source, 0, source.length, target, 1024);

    assertArrayEquals(source, inflate(target, stored));
  }

  /**
   * The same bytes again after each window: matches would pay most where they are not allowed. An
   * inflater that knows nothing of earlier chunks must be able to read each.
   */
  @Test
  void noMatchReachesBackFurtherThanTheWindow() throws DataFormatException {
    byte[] noise = new byte[PartCompressor.WINDOW_BYTES];
    new Random(1).nextBytes(noise);
    byte[] source = new byte[3 * noise.length + 100];
    for (int start = 0; start < source.length; start += noise.length) {
      System.arraycopy(noise, 0, source, start, Math.min(noise.length, source.length - start));
    }
    byte[] target = new byte[source.length + 100];
    int stored = compressor.compress(source, 0, source.length, target, target.length);

    assertTrue(stored > source.length, "a match over more than a window would have saved bytes");
    assertArrayEquals(source, inflateForgetfully(target, stored, source.length));
  }

  @Test
  void aLogsChunksCanBeReadEachAlone() throws DataFormatException {
    byte[] source = log(10_240, 5);
    byte[] target = new byte[source.length];
    int stored = compressor.compress(source, 0, source.length, target, target.length);

    assertTrue(stored < source.length / 2, "stored=" + stored);
    assertArrayEquals(source, inflateForgetfully(target, stored, source.length));
  }

  /** Gives each chunk, up to its flush marker, to an inflater of its own. */
  private static byte[] inflateForgetfully(byte[] stream, int length, int textLength)
      throws DataFormatException {
    byte[] text = new byte[textLength];
    int done = 0;
    int begin = 0;
    while (done < textLength) {
      int chunk = Math.min(PartCompressor.WINDOW_BYTES, textLength - done);
      int end = done + chunk == textLength ? length : markerEnd(stream, begin);
      Inflater fresh = new Inflater(true);
      fresh.setInput(stream, begin, end - begin);
      assertEquals(chunk, fresh.inflate(text, done, textLength - done));
      fresh.end();
      done += chunk;
      begin = end;
    }
    return text;
  }

  /** An empty stored block ends each chunk (RFC 1951 3.2.4): LEN 0000, NLEN ffff. */
  private static int markerEnd(byte[] stream, int begin) {
    int end = begin + 4;
    while (!Arrays.equals(stream, end - 4, end, new byte[] {0, 0, -1, -1}, 0, 4)) {
      end++;
    }
    return end;
  }

  @Test
  void compressingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] source = log(5000, 1);
    byte[] target = new byte[1024];
    long least = Long.MAX_VALUE;
    int fitting = 0;
    // The bean's own first calls allocate: the best of many rounds is the steady state.
    for (int round = 0; round < ROUNDS && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int call = 0; call < CALLS; call++) {
        fitting += compressor.compress(source, call, 1706, target, 1024) > 0 ? 1 : 0;
        fitting += compressor.compress(source, 0, 5000, target, 1024) > 0 ? 1 : 0;
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertTrue(fitting > 0);
    assertTrue(least < CALLS, "bytes in " + CALLS + " calls: " + least);
  }

  @Test
  void sourceSizesAreLinuxs() {
    assertEquals(1706, PartCompressor.sourceBytes(1024));
    assertEquals(0, PartCompressor.sourceBytes(0));
    assertEquals(3333, PartCompressor.sourceBytes(2000));
    assertEquals(50_000_000, PartCompressor.sourceBytes(30_000_000));
  }

  @Test
  void misuseIsNamed() {
    byte[] bytes = new byte[10];
    assertThrows(
        IndexOutOfBoundsException.class, () -> compressor.compress(bytes, 5, 6, new byte[9], 9));
    assertThrows(
        IndexOutOfBoundsException.class, () -> compressor.compress(bytes, 0, 5, new byte[9], 10));
    compressor.close();
    assertEquals(
        "compressor must be open: closed=true",
        assertThrows(
                IllegalStateException.class, () -> compressor.compress(bytes, 0, 5, new byte[9], 9))
            .getMessage());
  }
}
