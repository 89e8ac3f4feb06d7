// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.VariableReader;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.DispatcherEvent;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.machine.GuestArch;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * QEMU is killed in the middle of SetVariable. Every caller is told in time (I-27), and a new
 * machine goes on. OVMF's store then has the old value or the new one, and the other variables
 * (I-29); AAVMF was seen to lose one.
 */
@Tag("real-firmware")
@Timeout(180)
class KilledMachineTest {
  private static final int CALLERS = 4;
  private static final int VALUE_BYTES = 1000;
  private static final int ATTRIBUTES = 7;

  private final CountDownLatch rearmed = new CountDownLatch(1);
  private final CountDownLatch underWay = new CountDownLatch(3);

  private Dispatcher start(QemuFirmwareFactory factory) {
    return Dispatcher.builder()
        .firmware(factory)
        .rearm(RearmPolicy.afterProbe(3, Duration.ZERO))
        .listener(
            event -> {
              if (event instanceof DispatcherEvent.Rearmed) {
                rearmed.countDown();
              }
            })
        .start();
  }

  /** Values of one byte again and again, by which they are told. */
  private static CallResult set(Dispatcher dispatcher, String name, int value) {
    byte[] bytes = new byte[VALUE_BYTES];
    Arrays.fill(bytes, (byte) value);
    return dispatcher
        .runtimeServices()
        .setVariable(name, ServiceCall.GUID, ATTRIBUTES, VALUE_BYTES, MemorySegment.ofArray(bytes));
  }

  /** The last value that was set with success, and the one that was being set. */
  private record Written(String name, int last, CallResult refused) {}

  private Written setUntilRefused(Dispatcher dispatcher, String name) {
    for (int value = 1; ; value++) {
      CallResult result = set(dispatcher, name, value);
      if (!result.isSuccess()) {
        return new Written(name, value - 1, result);
      }
      underWay.countDown();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyWaitsForIt(GuestArch arch) throws Exception {
    try (QemuFirmwareFactory factory =
            new QemuFirmwareFactory(
                GuestSettings.of(arch),
                guest ->
                    VirtualModeSwitch.perform(
                        guest.firmware(), guest.host(), InterruptControl.NONE));
        Dispatcher dispatcher = start(factory)) {
      assertTrue(set(dispatcher, "Bystander", 0x55).isSuccess());
      List<CompletableFuture<Written>> callers = new ArrayList<>();
      AtomicInteger threads = new AtomicInteger();
      for (int i = 0; i < CALLERS; i++) {
        String name = "Caller" + i;
        callers.add(
            CompletableFuture.supplyAsync(
                () -> setUntilRefused(dispatcher, name),
                task -> new Thread(task, "caller-" + threads.getAndIncrement()).start()));
      }
      assertTrue(underWay.await(60, TimeUnit.SECONDS));
      ProcessHandle.of(factory.guest().machine().pid()).orElseThrow().destroyForcibly();

      List<Written> written = new ArrayList<>();
      for (CompletableFuture<Written> caller : callers) {
        written.add(caller.get(60, TimeUnit.SECONDS));
      }
      assertTrue(
          written.stream().anyMatch(w -> w.refused.outcome() == Outcome.FAULTED),
          written::toString);
      assertTrue(rearmed.await(120, TimeUnit.SECONDS));
      if (arch == GuestArch.X86_64) {
        requireOldOrNew(dispatcher, new Written("Bystander", 0x55, null));
        written.forEach(w -> requireOldOrNew(dispatcher, w));
      }
      assertTrue(set(dispatcher, "Bystander", 0x66).isSuccess());
    }
  }

  private static void requireOldOrNew(Dispatcher dispatcher, Written written) {
    VariableReader reader = new VariableReader(dispatcher.runtimeServices());
    CallResult read = reader.read(written.name, ServiceCall.GUID);
    if (written.last == 0 && read.status().equals(EfiStatus.NOT_FOUND)) {
      return;
    }
    assertTrue(read.isSuccess(), () -> written + ": " + read);
    byte[] value = reader.data();
    assertEquals(VALUE_BYTES, value.length);
    boolean mayBeNew = written.refused != null && written.refused.firmwareEntered();
    assertTrue(
        value[0] == (byte) written.last || mayBeNew && value[0] == (byte) (written.last + 1),
        () -> written + ": " + value[0]);
    for (byte b : value) {
      assertEquals(value[0], b);
    }
  }
}
