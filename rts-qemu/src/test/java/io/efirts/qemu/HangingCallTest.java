// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.machine.GuestArch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A call that hangs inside real firmware is ended there, by an NMI or by the debugger, and the
 * dispatcher goes on with a machine that is booted anew.
 */
@Tag("real-firmware")
@Timeout(180)
class HangingCallTest {
  /** Longer than any call that does not hang takes, on a busy computer too. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static final Duration LONG = Duration.ofSeconds(60);

  private final AtomicInteger boots = new AtomicInteger();
  private final CountDownLatch rearmed = new CountDownLatch(1);

  /** The first machine's GetTime hangs, at virtual addresses. */
  private FirmwareInstance arm(QemuGuest guest) {
    if (boots.incrementAndGet() == 1) {
      HangingFirmware.hang(guest, RuntimeService.GET_TIME);
    }
    return VirtualModeSwitch.perform(guest.firmware(), guest.host(), InterruptControl.NONE);
  }

  private Dispatcher start(QemuFirmwareFactory factory, Duration wedgeLimit) {
    return Dispatcher.builder()
        .firmware(factory)
        .wedgeLimit(RuntimeService.GET_TIME, wedgeLimit)
        .rearm(RearmPolicy.afterProbe(3, Duration.ZERO))
        .listener(
            event -> {
              if (event instanceof DispatcherEvent.Rearmed) {
                rearmed.countDown();
              }
            })
        .start();
  }

  /** The limit of a call is the shorter one: the call faults, and its worker goes on. */
  @ParameterizedTest
  @EnumSource
  void isEndedInTheGuest(GuestArch arch) throws InterruptedException {
    GuestSettings settings = GuestSettings.of(arch).withCallLimit(SHORT);
    try (QemuFirmwareFactory factory = new QemuFirmwareFactory(settings, this::arm);
        Dispatcher dispatcher = start(factory, LONG)) {
      CallResult result = ServiceCall.GET_TIME.make(dispatcher.runtimeServices());
      assertEquals(Outcome.FAULTED, result.outcome());
      FirmwareFault fault =
          assertInstanceOf(FirmwareFault.class, dispatcher.fault().orElseThrow().thrown());
      assertEquals(FaultKind.UNWOUND, fault.kind());
      requireGoesOn(dispatcher);
    }
  }

  /** The dispatcher's limit is the shorter one: it gives the call up, and the machine with it. */
  @ParameterizedTest
  @EnumSource
  void isEndedWithItsMachineWhereTheDispatcherGivesItUp(GuestArch arch)
      throws InterruptedException {
    GuestSettings settings = GuestSettings.of(arch).withCallLimit(LONG);
    try (QemuFirmwareFactory factory = new QemuFirmwareFactory(settings, this::arm);
        Dispatcher dispatcher = start(factory, SHORT)) {
      CallResult result = ServiceCall.GET_TIME.make(dispatcher.runtimeServices());
      // Whichever comes first: its caller is let go, or the machine under it has ended.
      assertTrue(
          result.outcome() == Outcome.DISABLED || result.outcome() == Outcome.FAULTED,
          result::toString);
      requireGoesOn(dispatcher);
    }
  }

  private void requireGoesOn(Dispatcher dispatcher) throws InterruptedException {
    assertTrue(rearmed.await(120, TimeUnit.SECONDS));
    assertEquals(2, boots.get());
    assertEquals(DispatcherMode.OPEN, dispatcher.mode());
    for (ServiceCall call : RemovedRegion.TRIED) {
      CallResult result = call.make(dispatcher.runtimeServices());
      assertTrue(result.isSuccess() || call == ServiceCall.GET_VARIABLE, result::toString);
    }
  }
}
