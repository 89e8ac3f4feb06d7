// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.GuestPage;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** I-15: sizes are unsigned 64-bit words, and none wraps into one that looks small. */
class StorageReserveArithmeticTest {
  private static final TellingStore STORE = new TellingStore();
  private static final BigInteger NAME_AND_HEADER =
      BigInteger.valueOf(2L * GuestPage.NAME.length() + 72);

  /** The sums and differences at which a comparison changes its answer, and their neighbours. */
  @Provide
  Arbitrary<Long> sizes() {
    Arbitrary<Long> anchors =
        Arbitraries.of(
            0L,
            5120L,
            64L * 1024,
            Integer.MAX_VALUE + 1L,
            0x1_0000_0000L,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 5120,
            -5120L);
    Arbitrary<Long> near = Arbitraries.longs().between(-200, 200);
    return Arbitraries.oneOf(
        anchors.flatMap(anchor -> near.map(offset -> anchor + offset)), Arbitraries.longs());
  }

  @Property(tries = 1000)
  void aWriteIsMadeExactlyIfItLeavesTheReserve(
      @ForAll("sizes") long dataSize,
      @ForAll("sizes") long remaining,
      @ForAll("reserves") long reserve) {
    check(dataSize, remaining, reserve);
  }

  /** What is left is always near what is needed, where an error of one shows. */
  @Property(tries = 1000)
  void aWriteIsMadeExactlyIfItLeavesTheReserveAtTheBoundary(
      @ForAll("sizes") long dataSize,
      @ForAll("differences") long difference,
      @ForAll("reserves") long reserve) {
    check(dataSize, dataSize + NAME_AND_HEADER.longValue() + reserve + difference, reserve);
  }

  @Provide
  Arbitrary<Long> differences() {
    return Arbitraries.longs().between(-2, 2);
  }

  @Provide
  Arbitrary<Long> reserves() {
    return Arbitraries.of(1L, 5120L, Long.MAX_VALUE - 1, Long.MAX_VALUE);
  }

  private static void check(long dataSize, long remaining, long reserve) {
    STORE.remaining = remaining;
    STORE.writes = 0;
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(() -> new GuestPage().with(STORE))
            .calls(1)
            .bufferBytes(1024)
            .invoker()
            .storageReserve(reserve)
            .start()) {
      CallResult result = WriteWords.set(dispatcher, GuestPage.NAME_ADDRESS, 7, dataSize);
      BigInteger left = unsigned(remaining).subtract(unsigned(dataSize)).subtract(NAME_AND_HEADER);
      boolean fits = dataSize == 0 || left.compareTo(BigInteger.valueOf(reserve)) >= 0;
      assertEquals(fits ? Outcome.COMPLETED : Outcome.STORAGE_RESERVE, result.outcome());
      assertEquals(fits ? 1 : 0, STORE.writes);
    }
  }

  private static BigInteger unsigned(long word) {
    return new BigInteger(Long.toUnsignedString(word));
  }
}
