/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/* Exceptions and system registers of arm64 at EL1 (Arm ARM, chapters D1 and D17). */
#include "mailbox.h"
#include "processor.h"

/* In aarch64.S. */
extern u8 arm64_vectors[];
void arm64_save_fp(u8 *registers);
void arm64_load_fp(const u8 *registers);

#define READ(name, value) __asm__ volatile("mrs %0, " #name : "=r"(value))
#define WRITE(name, value) __asm__ volatile("msr " #name ", %0" : : "r"(value) : "memory")

static u64 *at(const u8 *registers, u64 offset) { return (u64 *)(registers + offset); }

void processor_own(void) {
  __asm__ volatile("msr daifset, #0xf");
  WRITE(vbar_el1, (u64)arm64_vectors);
  __asm__ volatile("isb");
}

void processor_read(u8 *registers) {
  READ(ttbr0_el1, *at(registers, REG_TTBR0));
  READ(tcr_el1, *at(registers, REG_TCR));
  READ(mair_el1, *at(registers, REG_MAIR));
  READ(sctlr_el1, *at(registers, REG_SCTLR));
  READ(cpacr_el1, *at(registers, REG_CPACR));
  READ(daif, *at(registers, REG_PSTATE));
  *at(registers, REG_PC) = (u64)processor_return;
  arm64_save_fp(registers);
}

void processor_write(const u8 *registers) {
  WRITE(mair_el1, *at(registers, REG_MAIR));
  WRITE(cpacr_el1, *at(registers, REG_CPACR));
  WRITE(sctlr_el1, *at(registers, REG_SCTLR));
  __asm__ volatile("isb; tlbi vmalle1; dsb nsh; isb" : : : "memory");
  arm64_load_fp(registers);
}

void processor_copy(u8 *target, const u8 *source, u64 length) {
  for (u64 i = 0; i < length; i++) ((volatile u8 *)target)[i] = source[i];
  for (u64 i = 0; i < length; i += 4) {
    __asm__ volatile("dc cvau, %0" : : "r"(target + i) : "memory");
  }
  __asm__ volatile("dsb ish" : : : "memory");
  for (u64 i = 0; i < length; i += 4) {
    __asm__ volatile("ic ivau, %0" : : "r"(target + i) : "memory");
  }
  __asm__ volatile("dsb ish; isb" : : : "memory");
}

void processor_store_last(volatile u64 *target, u64 value) {
  __asm__ volatile("stlr %1, [%0]" : : "r"(target), "r"(value) : "memory");
}

u64 processor_load_first(volatile u64 *source) {
  u64 value;
  __asm__ volatile("ldar %0, [%1]" : "=r"(value) : "r"(source) : "memory");
  return value;
}
