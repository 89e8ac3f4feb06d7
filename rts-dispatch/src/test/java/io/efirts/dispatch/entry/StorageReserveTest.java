// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import static io.efirts.api.spec.VariableAttributes.APPEND_WRITE;
import static io.efirts.api.spec.VariableAttributes.BOOTSERVICE_ACCESS;
import static io.efirts.api.spec.VariableAttributes.NON_VOLATILE;
import static io.efirts.api.spec.VariableAttributes.RUNTIME_ACCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.spec.EfiStatus;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.GuestPage;
import io.efirts.dispatch.WritePath;
import io.efirts.dispatch.event.Counter;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I-15: no write on any path leaves less free than the reserve. */
class StorageReserveTest {
  private static final int DATA_BYTES = 100;
  private static final int NON_VOLATILE_WRITE = NON_VOLATILE | BOOTSERVICE_ACCESS | RUNTIME_ACCESS;

  /** 5120 stay free: a name of 8 characters, the data, and a record's header and padding. */
  private static final long JUST_ENOUGH = 5120 + 72 + 2 * GuestPage.NAME.length() + DATA_BYTES;

  private static final CallResult REFUSED =
      CallResult.refused(Outcome.STORAGE_RESERVE, false, false);

  private final TellingStore store = new TellingStore();
  private final Dispatcher dispatcher = start(5120);

  private Dispatcher start(long reserve) {
    return Dispatcher.builder()
        .firmware(() -> new GuestPage().with(store))
        .calls(4)
        .invoker()
        .storageReserve(reserve)
        .start();
  }

  @AfterEach
  void close() {
    dispatcher.close();
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aWriteThatLeavesExactlyTheReserveIsMade(WritePath path) {
    store.remaining = JUST_ENOUGH;
    assertTrue(path.set(dispatcher, NON_VOLATILE_WRITE, DATA_BYTES).isSuccess());
    assertEquals(1, store.queries);
    assertEquals(1, store.writes);
    assertEquals(0, dispatcher.count(Counter.RESERVE_REFUSED));
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aWriteThatLeavesOneByteLessIsRefused(WritePath path) {
    store.remaining = JUST_ENOUGH - 1;
    CallResult result = path.set(dispatcher, NON_VOLATILE_WRITE, DATA_BYTES);
    assertEquals(REFUSED, result);
    assertEquals(EfiStatus.OUT_OF_RESOURCES, result.status());
    assertEquals(0, store.writes);
    assertEquals(1, dispatcher.count(Counter.RESERVE_REFUSED));
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void deletesAndVolatileWritesAreExempt(WritePath path) {
    assertTrue(path.set(dispatcher, NON_VOLATILE_WRITE, 0).isSuccess());
    if (path != WritePath.EMERGENCY && path != WritePath.CRASH_ENTRY) {
      assertTrue(path.set(dispatcher, NON_VOLATILE, DATA_BYTES).isSuccess(), "deletes too");
      assertTrue(path.set(dispatcher, BOOTSERVICE_ACCESS, DATA_BYTES).isSuccess(), "volatile");
    }
    assertEquals(0, store.queries);
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void anAppendNeedsTheReserveTooAndIsAskedAboutAsAWrite(WritePath path) {
    store.remaining = JUST_ENOUGH - 1;
    assertEquals(REFUSED, path.set(dispatcher, NON_VOLATILE_WRITE | APPEND_WRITE, DATA_BYTES));
    assertEquals(NON_VOLATILE_WRITE, store.asked, "QueryVariableInfo knows no append");
    assertEquals(0, store.writes);
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void anErrorOfTheQuestionIsTheAnswer(WritePath path) {
    store.remaining = Long.MAX_VALUE;
    store.queryStatus = EfiStatus.DEVICE_ERROR.raw();
    CallResult result = path.set(dispatcher, NON_VOLATILE_WRITE, DATA_BYTES);
    assertEquals(CallResult.completed(EfiStatus.DEVICE_ERROR.raw()), result);
    assertEquals(0, store.writes);
    assertEquals(0, dispatcher.count(Counter.RESERVE_REFUSED));
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void firmwareThatCannotTellIsGivenUpTo64KiB(WritePath path) {
    store.queryStatus = EfiStatus.UNSUPPORTED.raw();
    assertTrue(path.set(dispatcher, NON_VOLATILE_WRITE, 64 * 1024).isSuccess());
    assertEquals(1, store.writes);
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void firmwareThatCannotTellIsGivenNoMoreThan64KiB(WritePath path) {
    store.queryStatus = EfiStatus.UNSUPPORTED.raw();
    assertEquals(REFUSED, path.set(dispatcher, NON_VOLATILE_WRITE, 64 * 1024 + 1));
    assertEquals(0, store.writes);
  }

  @ParameterizedTest
  @EnumSource(WritePath.class)
  void aReserveOfNothingAsksNothing(WritePath path) {
    try (Dispatcher without = start(0)) {
      assertTrue(path.set(without, NON_VOLATILE_WRITE, DATA_BYTES).isSuccess());
    }
    assertEquals(0, store.queries);
  }

  @Test
  void aLongerNameNeedsMore() {
    store.remaining = JUST_ENOUGH;
    MemorySegment data = MemorySegment.ofArray(new byte[DATA_BYTES]);
    String longer = GuestPage.NAME + "2";
    for (int less = 0; less <= 2; less++) {
      CallResult result =
          dispatcher
              .runtimeServices()
              .setVariable(longer, GuestPage.GUID, NON_VOLATILE_WRITE, DATA_BYTES - less, data);
      assertEquals(less < 2 ? REFUSED : CallResult.completed(0), result);
    }
  }

  @Test
  void aNameThatCannotBeReadIsLeftToFirmware() {
    store.remaining = JUST_ENOUGH;
    long nowhere = 0x7777_0000L;
    assertTrue(WriteWords.set(dispatcher, nowhere, NON_VOLATILE_WRITE, DATA_BYTES).isSuccess());
    assertEquals(1, store.writes);
  }
}
