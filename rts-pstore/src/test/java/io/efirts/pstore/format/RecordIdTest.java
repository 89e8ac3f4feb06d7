// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RecordIdTest {
  private static final BigInteger WRAP = BigInteger.ONE.shiftLeft(Long.SIZE);

  @Test
  void isTheNumberInLinuxsFileNames() {
    assertEquals(179519894415001L, RecordId.of(1795198944L, 15, 1));
    assertEquals(179519894415001L, RecordName.of(0, 15, 1, 1795198944L, true).id());
  }

  @Property(seed = "1")
  void isTheFormulaModulo64Bits(
      @ForAll @LongRange(max = Long.MAX_VALUE) long seconds,
      @ForAll @IntRange int part,
      @ForAll @IntRange int count) {
    BigInteger exact =
        BigInteger.valueOf(seconds)
            .multiply(BigInteger.valueOf(100))
            .add(BigInteger.valueOf(part))
            .multiply(BigInteger.valueOf(1000))
            .add(BigInteger.valueOf(count));

    assertEquals(exact.mod(WRAP).toString(), RecordId.text(RecordId.of(seconds, part, count)));
  }

  @Property(seed = "1")
  void isUniqueWhilePartsAndCountsHaveTheirDigits(
      @ForAll @LongRange(max = 4_000_000_000L) long seconds,
      @ForAll @IntRange(max = 99) int part,
      @ForAll @IntRange(max = 999) int count) {
    long id = RecordId.of(seconds, part, count);

    assertEquals(count, id % 1000);
    assertEquals(part, id / 1000 % 100);
    assertEquals(seconds, id / 100_000);
  }

  @Test
  void collidesBeyondThem() {
    assertEquals(RecordId.of(1001, 0, 5), RecordId.of(1000, 100, 5));
    assertEquals(RecordId.of(1000, 3, 0), RecordId.of(1000, 2, 1000));
    // 100,000 / 2^5 = 3125 is odd, so seconds that differ by 2^59 wrap to the same id.
    assertEquals(RecordId.of(1000, 1, 1), RecordId.of(1000 + (1L << 59), 1, 1));
  }
}
