/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the efi-rts authors */

/* Descriptor tables and system registers of x86-64 (SDM volume 3A, chapters 2, 3, 6 and 7). */
#include "mailbox.h"
#include "processor.h"

enum {
  VECTORS = 256,
  NMI = 2,
  CODE_SELECTOR = 0x08,
  TASK_SELECTOR = 0x18,
  FAULT_STACK = 1,
  NMI_STACK = 2,
  STACK_BYTES = 4096,
  PRESENT_INTERRUPT_GATE = 0x8E
};

#define MSR_EFER 0xC0000080u
#define EFER_NXE (1ULL << 11)
#define CR0_WP (1ULL << 16)

#pragma pack(push, 1)
struct gate {
  u16 offset_low, selector;
  u8 stack, type;
  u16 offset_middle;
  u32 offset_high, reserved;
};

struct task_state {
  u32 reserved0;
  u64 stacks_by_privilege[3];
  u64 reserved1;
  u64 interrupt_stacks[7];
  u64 reserved2;
  u16 reserved3, io_map_base;
};

struct table_register {
  u16 limit;
  u64 base;
};
#pragma pack(pop)

static struct gate gates[VECTORS];
static struct task_state task;
static u8 fault_stack[STACK_BYTES] __attribute__((aligned(16)));
static u8 nmi_stack[STACK_BYTES] __attribute__((aligned(16)));

/* Null, 64-bit code, data, and the two halves of the task state's descriptor. */
static u64 descriptors[5] = {0, 0x00AF9A000000FFFFULL, 0x00CF92000000FFFFULL, 0, 0};

/* One entry of VECTOR_BYTES for each vector, in x86_64.S. */
extern u8 x86_vectors[];
void x86_load_tables(const struct table_register *gdt, const struct table_register *idt, u64 task);

static u64 read_msr(u32 index) {
  u32 low, high;
  __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(index));
  return (u64)high << 32 | low;
}

static void write_msr(u32 index, u64 value) {
  __asm__ volatile("wrmsr" : : "c"(index), "a"((u32)value), "d"((u32)(value >> 32)) : "memory");
}

static void out_byte(u16 port, u8 value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }

static void set_gate(int vector, u64 handler, int stack) {
  gates[vector].offset_low = (u16)handler;
  gates[vector].offset_middle = (u16)(handler >> 16);
  gates[vector].offset_high = (u32)(handler >> 32);
  gates[vector].selector = CODE_SELECTOR;
  gates[vector].stack = (u8)stack;
  gates[vector].type = PRESENT_INTERRUPT_GATE;
}

static void describe_task(void) {
  u64 base = (u64)&task, limit = sizeof task - 1;
  descriptors[3] = limit | (base & 0xFFFFFF) << 16 | 0x89ULL << 40 | (base >> 24 & 0xFF) << 56;
  descriptors[4] = base >> 32;
  task.interrupt_stacks[FAULT_STACK - 1] = (u64)(fault_stack + STACK_BYTES);
  task.interrupt_stacks[NMI_STACK - 1] = (u64)(nmi_stack + STACK_BYTES);
  task.io_map_base = sizeof task;
}

void processor_own(void) {
  u64 cr0;
  struct table_register gdt = {sizeof descriptors - 1, (u64)descriptors};
  struct table_register idt = {sizeof gates - 1, (u64)gates};
  __asm__ volatile("cli");
  out_byte(0x21, 0xFF);
  out_byte(0xA1, 0xFF);
  for (int i = 0; i < VECTORS; i++) {
    set_gate(i, (u64)x86_vectors + 16 * (u64)i, i == NMI ? NMI_STACK : FAULT_STACK);
  }
  describe_task();
  x86_load_tables(&gdt, &idt, TASK_SELECTOR);
  write_msr(MSR_EFER, read_msr(MSR_EFER) | EFER_NXE);
  __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
  __asm__ volatile("mov %0, %%cr0" : : "r"(cr0 | CR0_WP) : "memory");
}

static u64 *at(const u8 *registers, u64 offset) { return (u64 *)(registers + offset); }

void processor_read(u8 *registers) {
  u64 value;
  __asm__ volatile("mov %%cr0, %0" : "=r"(value));
  *at(registers, REG_CR0) = value;
  __asm__ volatile("mov %%cr2, %0" : "=r"(value));
  *at(registers, REG_CR2) = value;
  __asm__ volatile("mov %%cr3, %0" : "=r"(value));
  *at(registers, REG_CR3) = value;
  __asm__ volatile("mov %%cr4, %0" : "=r"(value));
  *at(registers, REG_CR4) = value;
  *at(registers, REG_EFER) = read_msr(MSR_EFER);
  __asm__ volatile("pushfq; popq %0" : "=r"(value));
  *at(registers, REG_RFLAGS) = value;
  *at(registers, REG_RIP) = (u64)processor_return;
  __asm__ volatile("fxsave64 %0" : "=m"(*(registers + REG_FP)) : : "memory");
}

void processor_write(const u8 *registers) {
  write_msr(MSR_EFER, *at(registers, REG_EFER));
  __asm__ volatile("mov %0, %%cr4" : : "r"(*at(registers, REG_CR4)) : "memory");
  __asm__ volatile("mov %0, %%cr0" : : "r"(*at(registers, REG_CR0)) : "memory");
  __asm__ volatile("fxrstor64 %0" : : "m"(*(registers + REG_FP)) : "memory");
}

void processor_copy(u8 *target, const u8 *source, u64 length) {
  __asm__ volatile("rep movsb" : "+D"(target), "+S"(source), "+c"(length) : : "memory");
}

/* This architecture keeps stores in order, and loads too; the compiler has to be told. */
void processor_store_last(volatile u64 *target, u64 value) {
  __asm__ volatile("" : : : "memory");
  *target = value;
}

u64 processor_load_first(volatile u64 *source) {
  u64 value = *source;
  __asm__ volatile("" : : : "memory");
  return value;
}
