// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.CallResult;
import io.efirts.api.LongHolder;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableNameCursor;
import io.efirts.api.VariableReader;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.plan.PlannedRegion;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.policy.RearmPolicy;
import io.efirts.firmware.machine.FirmwarePlacement;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Firmware reaches its own parts through the tables only: without a region, exactly the services
 * that need it fault, as measured with AAVMF. Each fault is contained and explained (I-12), and the
 * next call works.
 */
@Timeout(60)
class RegionRemovalTest {
  private static final EfiGuid GUID = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");
  private static final FirmwarePlacement PLACE = ReferenceMachine.virt().placement();

  private enum Service {
    GET_TIME,
    GET_VARIABLE,
    GET_NEXT_VARIABLE_NAME,
    QUERY_VARIABLE_INFO,
    SET_VARIABLE
  }

  private static final Set<Service> VARIABLES = EnumSet.complementOf(EnumSet.of(Service.GET_TIME));

  /** A declared region, and what does not work without it. */
  private enum Region {
    VARIABLE_CODE(PLACE.variableDriver().physicalStart(), VARIABLES),
    TIME_CODE(PLACE.timeDriver().physicalStart(), EnumSet.of(Service.GET_TIME)),
    FLASH_CODE(PLACE.flashDriver().physicalStart(), EnumSet.of(Service.SET_VARIABLE)),
    MIRROR(PLACE.mirror().physicalStart(), VARIABLES),
    GLOBALS(PLACE.globals().physicalStart(), VARIABLES),
    FLASH(PLACE.flash().physicalStart(), EnumSet.of(Service.SET_VARIABLE)),
    CLOCK(PLACE.clock().physicalStart(), EnumSet.of(Service.GET_TIME));

    final long physicalStart;
    final Set<Service> faulting;

    Region(long physicalStart, Set<Service> faulting) {
      this.physicalStart = physicalStart;
      this.faulting = faulting;
    }
  }

  private static CallResult call(RuntimeServices services, Service service) {
    MemorySegment data = MemorySegment.ofArray(new byte[] {1, 2, 3});
    return switch (service) {
      case GET_TIME -> services.getTime(new EfiTimeHolder(), null);
      case GET_VARIABLE -> new VariableReader(services).read("Removal", GUID);
      case GET_NEXT_VARIABLE_NAME -> services.getNextVariableName(new VariableNameCursor(512));
      case QUERY_VARIABLE_INFO ->
          services.queryVariableInfo(7, new LongHolder(), new LongHolder(), new LongHolder());
      case SET_VARIABLE -> services.setVariable("Removal", GUID, 7, data.byteSize(), data);
    };
  }

  @ParameterizedTest
  @EnumSource(Region.class)
  void exactlyTheServicesThatNeedItFault(Region region) {
    for (Service service : Service.values()) {
      withoutRegion(region, service, ReferenceHost::virtual);
    }
  }

  @ParameterizedTest
  @EnumSource(Region.class)
  void theSameAtPhysicalAddresses(Region region) {
    for (Service service : Service.values()) {
      withoutRegion(
          region,
          service,
          made ->
              new FirmwareInstance(made.firmware, made.host.context(), made.host.crashContext()));
    }
  }

  private static void withoutRegion(
      Region region, Service service, Function<ReferenceHost, FirmwareInstance> start) {
    AtomicReference<NvImage> image = new AtomicReference<>();
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .invoker()
            .rearm(RearmPolicy.afterProbe(1, Duration.ZERO))
            .firmware(
                () -> {
                  boolean again = image.get() != null;
                  image.set(again ? takeOver(image.get()) : NvImage.inMemory(NvLayout.OVMF_2M));
                  ReferenceHost made = new ReferenceHost(image.get());
                  FirmwareInstance instance = start.apply(made);
                  if (!again) {
                    remove(made.host, region);
                  }
                  return instance;
                })
            .start()) {
      String what = service + " without " + region;
      CallResult result = call(dispatcher.runtimeServices(), service);
      boolean faults = region.faulting.contains(service);
      assertEquals(faults ? Outcome.FAULTED : Outcome.COMPLETED, result.outcome(), what);
      if (faults) {
        requireExplained(dispatcher.fault().orElseThrow(), region, what);
        dispatcher.pump();
      }
      assertEquals(Outcome.COMPLETED, call(dispatcher.runtimeServices(), service).outcome(), what);
    }
  }

  private static NvImage takeOver(NvImage image) {
    try {
      return image.takeOver();
    } catch (NvImageException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes a region out of both aliases, as if it had never been declared. */
  private static void remove(EfiHost host, Region region) {
    for (PlannedRegion planned : host.virtualMap().regions()) {
      if (planned.physicalAddress() == region.physicalStart) {
        long length = planned.lengthBytes();
        host.space().tables().unmap(new VirtualAddress(planned.virtualAddress()), length).flush();
        host.space().tables().unmap(new VirtualAddress(region.physicalStart), length).flush();
        return;
      }
    }
    throw new AssertionError("region must be planned: " + region);
  }

  private static void requireExplained(FaultReport report, Region region, String what) {
    FirmwareFault fault = assertInstanceOf(FirmwareFault.class, report.thrown(), what);
    assertEquals(FaultKind.NOT_MAPPED, fault.kind(), what);
    // ESR_EL1: the exception class, and WnR of a data abort.
    int expected = fault.access() == Access.EXECUTE ? 0x21 : 0x25;
    assertEquals(expected, fault.detail() >>> 26, what);
    assertEquals(fault.access() == Access.WRITE, (fault.detail() >>> 6 & 1) == 1, what);
    assertEquals(region.physicalStart, report.nearestDescriptor().physicalStart(), what);
    String text = String.join("\n", report.explanation());
    assertTrue(text.contains("phys_addr = 0x" + Long.toHexString(region.physicalStart)), text);
  }
}
