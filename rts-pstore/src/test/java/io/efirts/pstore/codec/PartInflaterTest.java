// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartInflaterTest {
  private static final int LIMIT = 4096;

  private final PartInflater inflater = new PartInflater(LIMIT);

  @AfterEach
  void close() {
    inflater.close();
  }

  private static byte[] deflated(int zeros) {
    try (PartCompressor compressor = new PartCompressor()) {
      byte[] target = new byte[zeros + 100];
      return Arrays.copyOf(
          target, compressor.compress(new byte[zeros], 0, zeros, target, target.length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, LIMIT - 1, LIMIT})
  void aPartUpToTheLimitIsDecoded(int length) {
    assertArrayEquals(new byte[length], inflater.inflate(deflated(length)).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(ints = {LIMIT + 1, LIMIT + 2, 2 * LIMIT, 10_000_000})
  void aLargerOneIsNot(int length) {
    assertEquals(Optional.empty(), inflater.inflate(deflated(length)));
  }

  @Test
  void aStreamThatIsCutOffIsNotDecoded() {
    byte[] whole = deflated(3000);
    for (int length = 0; length < whole.length; length++) {
      assertEquals(Optional.empty(), inflater.inflate(Arrays.copyOf(whole, length)));
    }
  }

  @Test
  void bytesBehindTheStreamAreIgnored() {
    byte[] stream = deflated(100);

    assertArrayEquals(
        new byte[100], inflater.inflate(Arrays.copyOf(stream, stream.length + 20)).orElseThrow());
  }

  @Property(seed = "1")
  void whateverIsStoredHasADefinedResult(@ForAll @Size(max = 300) byte[] stored) {
    Optional<byte[]> text = inflater.inflate(stored);

    assertTrue(text.isEmpty() || text.get().length <= LIMIT);
  }

  @Test
  void aDamagedPartLeavesNothingInTheNext() {
    inflater.inflate(new byte[] {7, 7, 7, 7});

    assertArrayEquals(new byte[5], inflater.inflate(deflated(5)).orElseThrow());
  }

  @Test
  void misuseIsNamed() {
    assertEquals(
        "limitBytes must be at least 1: limitBytes=0",
        assertThrows(IllegalArgumentException.class, () -> new PartInflater(0)).getMessage());
    inflater.close();
    assertEquals(
        "inflater must be open: closed=true",
        assertThrows(IllegalStateException.class, () -> inflater.inflate(new byte[1]))
            .getMessage());
  }
}
