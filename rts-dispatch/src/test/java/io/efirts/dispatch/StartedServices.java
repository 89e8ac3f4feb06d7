// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.CallResult;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiGuid;
import io.efirts.testkit.RecordedCall;
import io.efirts.testkit.ScriptedFirmware;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;

/** What tests of started services have in common: a dispatcher that is pumped, with one call. */
abstract class StartedServices {
  static final EfiGuid GUID = EfiGuid.of("12345678-9abc-def0-1122-334455667788");

  final ScriptedFirmware firmware = new ScriptedFirmware().record(16);
  final Dispatcher dispatcher =
      Dispatcher.builder().firmware(firmware).calls(1).storageReserve(0).invoker().start();
  final AsyncRuntimeServices async = dispatcher.async();

  @AfterEach
  final void close() {
    dispatcher.close();
  }

  /** Starts a call in both styles; between start and pump nothing has happened. */
  final void bothStyles(Predicate<PendingCall> start, Runnable check) throws InterruptedException {
    PendingCall polled = async.newPendingCall();
    assertTrue(start.test(polled));
    assertTrue(polled.isPending());
    assertNull(polled.poll());
    assertTrue(dispatcher.pump());
    assertTrue(polled.isPending(), "an ended call is pending until it is delivered");
    assertSuccess(polled.poll());
    assertFalse(polled.isPending());
    check.run();

    RecordedEnds ends = new RecordedEnds();
    PendingCall handled = async.newPendingCall(ends);
    assertTrue(start.test(handled));
    assertTrue(dispatcher.pump());
    assertSuccess(ends.await().result());
    assertEquals(1, ends.count());
    assertSuccess(handled.poll());
    check.run();
    assertEquals(2, firmware.entries());
  }

  private static void assertSuccess(CallResult result) {
    assertEquals(CallResult.completed(0), result);
  }

  final List<Long> words() {
    List<RecordedCall> calls = firmware.recorded();
    return calls.getLast().words();
  }
}
