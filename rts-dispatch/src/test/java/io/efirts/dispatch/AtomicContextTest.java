// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.BooleanHolder;
import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.testkit.ScriptedFirmware;
import java.lang.foreign.MemorySegment;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where waiting is forbidden, a blocking call is refused without an effect (I-5) and reported. */
@Timeout(60)
class AtomicContextTest {
  private static final EfiGuid GUID = new EfiGuid(1, 2);
  private static final CallResult WOULD_BLOCK =
      CallResult.refused(Outcome.WOULD_BLOCK, false, false);

  private final ScriptedFirmware firmware = new ScriptedFirmware();
  private final RecordedEvents events = new RecordedEvents();
  private final ThreadLocal<Boolean> atomic = ThreadLocal.withInitial(() -> false);
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(firmware)
          .storageReserve(0)
          .atomicContext(atomic::get)
          .listener(events)
          .start();
  private final RuntimeServices typed = dispatcher.runtimeServices();

  private final LongHolder number = new LongHolder(77);
  private final IntHolder word = new IntHolder();
  private final BooleanHolder flag = new BooleanHolder();
  private final EfiTimeHolder time = new EfiTimeHolder();
  private final MemorySegment data = MemorySegment.ofArray(new byte[128]);

  /** Every typed service that waits; ResetSystem waits for nobody's end, and resets. */
  private final List<Supplier<CallResult>> blocking =
      List.of(
          () -> typed.getTime(time, null),
          () -> typed.setTime(EfiTime.of(LocalDateTime.of(2031, 5, 6, 7, 8, 9))),
          () -> typed.getWakeupTime(flag, flag, time),
          () -> typed.setWakeupTime(false, null),
          () -> typed.setVirtualAddressMap(64, 1, data),
          () -> typed.convertPointer(0, number),
          () -> typed.getVariable("n", GUID, word, number, data),
          () -> typed.getNextVariableName(new VariableNameCursor(64)),
          () -> typed.setVariable("n", GUID, 7, 0, null),
          () -> typed.getNextHighMonotonicCount(word),
          () -> typed.updateCapsule(List.of(), 0),
          () -> typed.queryCapsuleCapabilities(List.of(), number, word),
          () -> typed.queryVariableInfo(7, number, number, number));

  @AfterEach
  void close() {
    dispatcher.close();
  }

  @Test
  void everyBlockingServiceIsRefusedAndCounted() {
    atomic.set(true);
    for (Supplier<CallResult> call : blocking) {
      assertEquals(WOULD_BLOCK, call.get());
    }
    List<RuntimeService> services =
        Arrays.stream(RuntimeService.values())
            .filter(service -> service != RuntimeService.RESET_SYSTEM)
            .toList();
    assertEquals(blocking.size(), services.size(), "no service is left out above");
    for (RuntimeService service : services) {
      assertEquals(WOULD_BLOCK, dispatcher.abi().call(service, 0, 0, 0, 0, 0));
    }
    assertEquals(WOULD_BLOCK, dispatcher.abi().callVendor(1, 0, 0, 0, 0, 0, 0, 0));
    assertEquals(0, firmware.entries());
    assertEquals(77, number.value);
    assertEquals(2L * services.size() + 1, dispatcher.count(Counter.BLOCKING_REFUSED));
  }

  @Test
  void theFirstRefusalIsReportedWithItsStackAndTheOthersAreNot() {
    atomic.set(true);
    for (int i = 0; i < 10; i++) {
      assertEquals(WOULD_BLOCK, typed.getTime(time, null));
    }
    Throwable stack = events.await(DispatcherEvent.BlockingRefused.class).stack();
    String here = "theFirstRefusalIsReportedWithItsStackAndTheOthersAreNot";
    assertTrue(
        Arrays.stream(stack.getStackTrace()).anyMatch(f -> f.getMethodName().equals(here)),
        () -> Arrays.toString(stack.getStackTrace()));
    dispatcher.close();
    assertEquals(1, events.all(DispatcherEvent.BlockingRefused.class).size());
    assertEquals(10, dispatcher.count(Counter.BLOCKING_REFUSED));
  }

  @Test
  void callsThatWaitForNobodyAreMade() throws InterruptedException {
    atomic.set(true);
    assertTrue(dispatcher.nonBlocking().setVariable("n", GUID, 7, 0, null).isSuccess());
    RecordedEnds ends = new RecordedEnds();
    PendingCall typedCall = dispatcher.async().newPendingCall(ends);
    assertTrue(dispatcher.async().getTime(typedCall, time, null));
    assertTrue(ends.await().result().isSuccess());
    PendingCall words = dispatcher.asyncAbi().newPendingCall(ends);
    assertTrue(dispatcher.asyncAbi().callVendor(words, 1, 0, 0, 0, 0, 0, 0, 0));
    assertTrue(ends.await().result().isSuccess());
    assertEquals(3, firmware.entries());
    assertEquals(0, dispatcher.count(Counter.BLOCKING_REFUSED));
  }

  @Test
  void elsewhereCallsAreMade() {
    atomic.set(true);
    assertEquals(WOULD_BLOCK, typed.getTime(time, null));
    atomic.set(false);
    assertTrue(typed.getTime(time, null).isSuccess());
  }
}
