// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.AsyncRuntimeServices;
import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.PendingCall;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.platform.RealTimeClock;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.VirtualClock;
import io.efirts.x86.machine.TestMachine;
import io.efirts.x86.paging.PagingMode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A simulator that owns time and runs on one thread: nothing happens but by its own steps, so two
 * runs are the same, call for call. The dispatcher makes no thread; the simulator pumps it.
 */
class SingleThreadedSimulatorTest {
  private static final Duration TICK = Duration.ofMillis(10);

  private final TestMachine machine = new TestMachine(PagingMode.FOUR_LEVEL);
  private final VirtualClock clock = new VirtualClock();
  private final SimulatedRtc rtc = new SimulatedRtc();
  private final Dispatcher dispatcher =
      Dispatcher.builder()
          .firmware(
              () ->
                  new FirmwareInstance(
                      ReferenceFirmware.builder(NvLayout.OVMF_4M).clock(rtc).build(),
                      machine.context(machine.space())))
          .calls(4)
          .bufferBytes(4096)
          .invoker()
          .clock(clock)
          .start();

  /** A clock chip that shows simulated time. */
  private static final class SimulatedRtc implements RealTimeClock {
    private long epochSecond = 1_700_000_000L; // 2023-11-14 22:13:20

    @Override
    public long epochSecond() {
      return epochSecond;
    }

    @Override
    public void setEpochSecond(long epochSecond) {
      this.epochSecond = epochSecond;
    }
  }

  /** One step of the simulator: time passes, then whatever is due is done. */
  private void tick() {
    clock.advance(TICK);
    dispatcher.pump();
  }

  @Test
  void aCallIsMadeInTheTickTheSimulatorChooses() {
    AsyncRuntimeServices services = dispatcher.async();
    PendingCall call = services.newPendingCall();
    EfiTimeHolder time = new EfiTimeHolder();
    assertTrue(services.getTime(call, time, null));
    assertTrue(call.isPending(), "nothing happens by itself");
    rtc.setEpochSecond(rtc.epochSecond() + 1);
    tick();
    assertEquals(CallResult.completed(0), call.poll());
    assertFalse(call.isPending());
    assertEquals(21, time.second());
    dispatcher.close();
  }

  @Test
  void aDeadlinePassesInSimulatedTime() {
    PendingCall first = dispatcher.async().newPendingCall();
    PendingCall late = dispatcher.async().newPendingCall();
    assertTrue(dispatcher.async().getTime(first, new EfiTimeHolder(), null));
    assertTrue(dispatcher.async(TICK).getTime(late, new EfiTimeHolder(), null));
    tick();
    assertTrue(first.poll().isSuccess(), "one call each tick");
    assertEquals(Outcome.TIMED_OUT, late.poll().outcome(), "it was never let in");
    dispatcher.close();
  }

  @Test
  void aBlockingCallPumpsForItself() {
    EfiTimeHolder time = new EfiTimeHolder();
    assertTrue(dispatcher.runtimeServices().getTime(time, null).isSuccess());
    assertEquals(2023, time.year());
    dispatcher.close();
  }
}
