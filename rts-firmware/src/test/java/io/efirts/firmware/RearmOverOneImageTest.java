// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableReader;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.Counter;
import io.efirts.dispatch.mode.DispatcherMode;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.CallerThread;
import io.efirts.testkit.Patience;
import io.efirts.testkit.VirtualClock;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageStep;
import io.efirts.testkit.step.StorageStop;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * I-28 through the dispatcher: firmware that hangs in the middle of SetVariable is replaced by a
 * new one on the same image, and wakes up during that one's life.
 */
@Timeout(60)
class RearmOverOneImageTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  private static final Duration LIMIT = Duration.ofMillis(100);
  private static final long LOOK_NANOS = 10_000_000;

  /** Stands still while firmware works, however long that takes. */
  private final VirtualClock clock = new VirtualClock();

  private final SteppedStorage storage =
      new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_4M).storage());

  /** Each firmware after the first takes the image over. */
  private final FirmwareFactory factory =
      new FirmwareFactory() {
        private NvImage image;

        @Override
        public FirmwareInstance create() {
          try {
            image = image == null ? NvImage.of(storage) : image.takeOver();
          } catch (NvImageException e) {
            throw new IllegalStateException(e);
          }
          return new FirmwareInstance(
              ReferenceFirmware.builder(image).build(), new FlatFirmwareContext(1 << 20));
        }
      };

  @Test
  void aHangingWriteIsReplacedAndItsLateEndChangesNothing() throws Exception {
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(factory)
            .calls(4)
            .clock(clock)
            .wedgeLimit(RuntimeService.SET_VARIABLE, LIMIT)
            .rearm(RearmPolicy.afterProbe(1, Duration.ZERO))
            .start()) {
      RuntimeServices services = dispatcher.runtimeServices();
      assertTrue(set(services, 1).isSuccess());
      try (StorageStop stop =
          storage.add(new StorageStop(Occurrence.nth(StorageStep.BEFORE_COMPARE_AND_SET, 6)))) {
        CallerThread<CallResult> hanging = CallerThread.start(() -> set(services, 2));
        stop.awaitStopped();
        // The limit counts from the first look at the hold, which may still be to come.
        while (dispatcher.mode() == DispatcherMode.OPEN && dispatcher.count(Counter.WEDGES) == 0) {
          clock.advance(LIMIT);
          LockSupport.parkNanos(LOOK_NANOS);
        }
        CallResult left = hanging.result();
        assertEquals(Outcome.DISABLED, left.outcome());
        assertTrue(left.firmwareEntered());
        await("the new firmware serves", () -> dispatcher.mode() == DispatcherMode.OPEN);

        assertArrayEquals(new byte[] {1}, value(services));
        assertTrue(set(services, 3).isSuccess());
        stop.release();
        await("the old one came back", () -> dispatcher.count(Counter.LATE_RETURNS) == 1);
        assertArrayEquals(new byte[] {3}, value(services));
        assertTrue(set(services, 4).isSuccess());
      }
      assertArrayEquals(new byte[] {4}, value(services));
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - start < Patience.LIMIT.toNanos(), what);
      Thread.onSpinWait();
    }
  }

  private static CallResult set(RuntimeServices services, int value) {
    MemorySegment data = MemorySegment.ofArray(new byte[] {(byte) value});
    return services.setVariable("V", GUID, 7, 1, data);
  }

  private static byte[] value(RuntimeServices services) {
    VariableReader reader = new VariableReader(services);
    assertTrue(reader.read("V", GUID).isSuccess());
    return reader.data();
  }
}
